package io.hioload.transport.epoll;

import io.hioload.ffm.Memory;
import java.lang.foreign.Arena;

/**
 * The array that epoll_wait(2) fills: {@code struct epoll_event} is 4 bytes of mask and 8 bytes of data, packed on
 * x86-64 only (linux/eventpoll.h, EPOLL_PACKED). The loop's thread only.
 */
final class EpollEvents {

    static final int IN = 0x1;
    /** The peer sent urgent data, which a receive stops at. */
    static final int PRI = 0x2;
    static final int OUT = 0x4;
    static final int ERR = 0x8;
    static final int HUP = 0x10;
    /** The peer sent FIN. */
    static final int RDHUP = 0x2000;
    static final int EDGE = 1 << 31;

    private static final boolean PACKED = isX86(System.getProperty("os.arch", ""));
    private static final int DATA_OFFSET = PACKED ? 4 : 8;
    private static final int EVENT_BYTES = PACKED ? 12 : 16;

    final int capacity;
    final long address;

    EpollEvents(Arena arena, int capacity) {
        this.capacity = capacity;
        address = arena.allocate((long) EVENT_BYTES * capacity, 64).address();
    }

    static boolean knows(String arch) {
        return isX86(arch) || arch.equals("aarch64");
    }

    static boolean isX86(String arch) {
        return arch.equals("amd64") || arch.equals("x86_64");
    }

    int mask(int index) {
        return Memory.getInt(address + (long) index * EVENT_BYTES);
    }

    long data(int index) {
        return Memory.getLong(address + (long) index * EVENT_BYTES + DATA_OFFSET);
    }

    void set(int index, int mask, long data) {
        Memory.putInt(address + (long) index * EVENT_BYTES, mask);
        Memory.putLong(address + (long) index * EVENT_BYTES + DATA_OFFSET, data);
    }
}
