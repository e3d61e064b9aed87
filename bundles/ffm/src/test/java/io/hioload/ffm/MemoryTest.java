package io.hioload.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class MemoryTest {

    @Test
    void shouldReadWhatWasWrittenWhenUnaligned() {
        try (Arena arena = Arena.ofConfined()) {
            long at = arena.allocate(64).address() + 1;
            Memory.putLong(at, 0x0102030405060708L);
            assertEquals(0x0102030405060708L, Memory.getLong(at));
            boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
            assertEquals(little ? 8 : 1, Memory.getByte(at));
            Memory.putInt(at + 8, 0xCAFEBABE);
            Memory.putShort(at + 12, (short) 0xFFFE);
            Memory.putByte(at + 14, (byte) -1);
            assertEquals(0xCAFEBABE, Memory.getInt(at + 8));
            assertEquals((short) 0xFFFE, Memory.getShort(at + 12));
            assertEquals(-1, Memory.getByte(at + 14));
        }
    }

    @Test
    void shouldCopyAndZeroWhenRangesOverlap() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(32);
            for (int i = 0; i < 16; i++) {
                Memory.putByte(bytes.address() + i, (byte) (i + 1));
            }
            Memory.copy(bytes.address(), bytes.address() + 4, 16);
            assertEquals(1, Memory.getByte(bytes.address() + 4));
            assertEquals(16, Memory.getByte(bytes.address() + 19));
            Memory.zero(bytes.address(), 20);
            assertEquals(0, Memory.getLong(bytes.address() + 12));
        }
    }

    @Test
    void shouldRecogniseSystemsWhenNamed() {
        assertEquals(Os.LINUX, Os.of("Linux"));
        assertEquals(Os.MACOS, Os.of("Mac OS X"));
        assertEquals(Os.WINDOWS, Os.of("Windows Server 2022"));
        assertEquals(Os.OTHER, Os.of("FreeBSD"));
    }
}
