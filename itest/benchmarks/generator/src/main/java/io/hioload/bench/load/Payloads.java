package io.hioload.bench.load;

import io.hioload.websocket.MessageType;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The messages of a run: a cycle of random payloads of one size, made before it, so that sending one costs no more than its
 * encoding and an echo has something to be compared with. Any thread; immutable after construction.
 */
final class Payloads {

    /** What the cycle takes at the most, unless its fewest messages take more: an echo's original should still be in cache. */
    private static final int CYCLE_BYTES = 256 << 10;
    private static final int FEWEST = 4;
    private static final int MOST = 64;
    /** Every so many-th echo is compared byte by byte, the others in their first and last words; prime, to meet all payloads. */
    private static final int WHOLE_EVERY = 61;

    private final UnsafeBuffer memory;
    private final int sizeBytes;
    private final int mask;

    Payloads(int sizeBytes, MessageType type, long seed) {
        this.sizeBytes = sizeBytes;
        int count = Integer.highestOneBit(Math.clamp(CYCLE_BYTES / Math.max(1, sizeBytes), FEWEST, MOST));
        mask = count - 1;
        memory = new UnsafeBuffer(ByteBuffer.allocateDirect(count * sizeBytes));
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < memory.capacity(); i++) {
            memory.putByte(i, (byte) (type == MessageType.TEXT ? '!' + random.nextInt(90) : random.nextInt(256)));
        }
    }

    DirectBuffer memory() {
        return memory;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    /** How many differ. */
    int count() {
        return mask + 1;
    }

    /** Where the payload of message {@code number} begins. */
    int offset(long number) {
        return ((int) number & mask) * sizeBytes;
    }

    /** Whether an echo of message {@code number}, of the right length, has its bytes. */
    boolean matches(long number, DirectBuffer echo, int echoOffset) {
        int offset = offset(number);
        if (sizeBytes < Long.BYTES) {
            return sameBytes(offset, echo, echoOffset);
        }
        int last = sizeBytes - Long.BYTES;
        if (memory.getLong(offset) != echo.getLong(echoOffset) || memory.getLong(offset + last) != echo.getLong(echoOffset + last)) {
            return false;
        }
        if (number % WHOLE_EVERY != 0) {
            return true;
        }
        for (int at = Long.BYTES; at < last; at += Long.BYTES) {
            if (memory.getLong(offset + at) != echo.getLong(echoOffset + at)) {
                return false;
            }
        }
        return true;
    }

    private boolean sameBytes(int offset, DirectBuffer echo, int echoOffset) {
        for (int i = 0; i < sizeBytes; i++) {
            if (memory.getByte(offset + i) != echo.getByte(echoOffset + i)) {
                return false;
            }
        }
        return true;
    }
}
