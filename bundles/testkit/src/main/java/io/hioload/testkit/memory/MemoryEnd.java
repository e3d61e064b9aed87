package io.hioload.testkit.memory;

import io.hioload.transport.CloseMode;
import java.net.SocketAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One end of a connection: the bytes that came for it and have not been read. The inbox, {@link #finished} and
 * {@link #reset} are guarded by the network; the rest belongs to the thread of the loop that has the end.
 */
final class MemoryEnd {

    final SocketAddress remote;
    MemoryEnd peer;

    /** The other side sent FIN: nothing follows what is in the inbox. */
    boolean finished;
    /** The connection was reset, by either side. */
    boolean reset;

    long id;
    boolean connecting;
    int connectStatus;
    boolean receiving = true;
    boolean endTold;
    boolean finSent;
    boolean detaching;
    CloseMode closing;

    private final int capacity;
    private byte[] inbox;
    private int head;
    private int size;

    MemoryEnd(SocketAddress remote, int windowBytes) {
        this.remote = remote;
        this.capacity = windowBytes;
    }

    int size() {
        return size;
    }

    int room() {
        return capacity - size;
    }

    /** Puts bytes at the end of the inbox; there must be room. */
    void put(DirectBuffer from, int offset, int length) {
        if (inbox == null) {
            inbox = new byte[capacity];
        }
        int tail = (head + size) % capacity;
        int first = Math.min(length, capacity - tail);
        from.getBytes(offset, inbox, tail, first);
        from.getBytes(offset + first, inbox, 0, length - first);
        size += length;
    }

    /** Moves the first bytes of the inbox out; there must be as many. */
    void take(MutableDirectBuffer to, int offset, int length) {
        int first = Math.min(length, capacity - head);
        to.putBytes(offset, inbox, head, first);
        to.putBytes(offset + first, inbox, 0, length - first);
        discard(length);
    }

    void discard(int length) {
        head = (head + length) % capacity;
        size -= length;
    }
}
