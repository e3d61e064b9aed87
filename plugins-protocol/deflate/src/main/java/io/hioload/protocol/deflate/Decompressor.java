package io.hioload.protocol.deflate;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.ffm.Memory;
import io.hioload.protocol.MessageCoder;

/**
 * One decompressing stream. Its reactor's thread only. Owns the memory behind it, {@link #memoryBytes} of zlib's own, and
 * what it has put out until that is taken.
 *
 * <p>The output grows with what really comes out, never beyond the limit: a small message that would become a huge one is
 * found after as much work as the limit allows.
 */
final class Decompressor {

    /** The largest window of DEFLATE. */
    static final int MAX_BITS = 15;

    /** What the compressor left away (RFC 7692, section 7.2.2): the bytes 0, 0, 255, 255. */
    private static final int TAIL = 0xFFFF0000;
    private static final int TAIL_BYTES = 4;
    private static final int FIRST_OUTPUT_BYTES = 1024;
    private static final int LIKELY_RATIO = 4;

    /** A dictionary and its length; then the tail. For all streams of one thread at a time. */
    static final int SCRATCH_BYTES = (1 << MAX_BITS) + 4 + TAIL_BYTES;

    private final long stream;
    private final int memoryBytes;
    private Buffer output;
    private int produced;
    /** The input that was drained last ended with the end of a stream. */
    private boolean ended;

    private Decompressor(long stream, int memoryBytes) {
        this.stream = stream;
        this.memoryBytes = memoryBytes;
    }

    /** A new one, or null when out of memory. */
    static Decompressor open(int windowBits) {
        long stream = Zlib.inflateOpen(windowBits);
        return stream == 0 ? null : new Decompressor(stream, memoryBytes(windowBits));
    }

    /** What zconf.h says that a decompressor takes. */
    static int memoryBytes(int windowBits) {
        return (1 << windowBits) + (7 << 10);
    }

    int memoryBytes() {
        return memoryBytes;
    }

    /**
     * Decompresses a message.
     *
     * @param address  of the payload
     * @param length   from 0
     * @param maxBytes what it may become
     * @param pool     where the output comes from
     * @param scratch  {@link #SCRATCH_BYTES} of memory
     * @return bytes of the message, or TOO_BIG, BAD_DATA or NO_MEMORY; in these cases there is no output
     */
    int decompress(long address, int length, int maxBytes, BufferPool pool, long scratch) {
        long tail = scratch + SCRATCH_BYTES - TAIL_BYTES;
        for (int i = 0; i < TAIL_BYTES; i++) {
            Memory.putByte(tail + i, (byte) (TAIL >>> 8 * i));
        }
        int most = Math.min(maxBytes, pool.maxCapacity());
        produced = 0;
        long likely = Math.max((long) length * LIKELY_RATIO, FIRST_OUTPUT_BYTES);
        output = pool.acquire((int) Math.max(1, Math.min(likely, most)));
        if (output == null) {
            return MessageCoder.NO_MEMORY;
        }
        Zlib.input(stream, address, length);
        int status = drain(most, pool, scratch);
        // Where there is no block that lacks its end, the tail would be the beginning of one that the next message goes on with.
        if (status == 0 && length > 0 && !ended) {
            Zlib.input(stream, tail, TAIL_BYTES);
            status = drain(most, pool, scratch);
            if (status == 0 && !ended && !Zlib.isBehindBlock(stream)) {
                status = MessageCoder.BAD_DATA;
            }
        }
        if (status == 0) {
            return produced;
        }
        takeOutput().release();
        return status;
    }

    /** Decompresses until the input is used up. Returns 0 or why not. */
    private int drain(int most, BufferPool pool, long scratch) {
        ended = false;
        while (true) {
            int room = Math.min(output.capacity(), most) - produced;
            // One byte more than is allowed tells whether there would be more.
            boolean full = room == 0;
            Zlib.output(stream, full ? scratch : output.address() + produced, full ? 1 : room);
            int result = Zlib.inflate(stream, Zlib.Z_SYNC_FLUSH);
            int left = Zlib.outputLeft(stream);
            if (full && left == 0) {
                if (output.capacity() >= most) {
                    return MessageCoder.TOO_BIG;
                }
                if (!grow(most, pool)) {
                    return MessageCoder.NO_MEMORY;
                }
                output.memory().putByte(produced++, Memory.getByte(scratch));
            } else if (!full) {
                produced += room - left;
            }
            if (result == Zlib.Z_STREAM_END) {
                restart(scratch);
                if (Zlib.inputLeft(stream) == 0) {
                    ended = true;
                    return 0;
                }
            } else if (result != Zlib.Z_OK && result != Zlib.Z_BUF_ERROR) {
                return MessageCoder.BAD_DATA;
            } else if (left > 0) {
                return Zlib.inputLeft(stream) == 0 ? 0 : MessageCoder.BAD_DATA;
            }
        }
    }

    /** Behind a block with BFINAL set a new stream begins, with the same window (RFC 7692, section 7.2.3.4). */
    private void restart(long scratch) {
        int remembered = Zlib.dictionary(stream, scratch);
        Zlib.inflateReset(stream);
        if (remembered > 0) {
            Zlib.dictionary(stream, scratch, remembered);
        }
    }

    private boolean grow(int most, BufferPool pool) {
        Buffer grown = pool.acquire((int) Math.min(2L * output.capacity(), most));
        if (grown == null) {
            return false;
        }
        Memory.copy(output.address(), grown.address(), produced);
        output.release();
        output = grown;
        return true;
    }

    /** What was put out last; its reference is the caller's. */
    Buffer takeOutput() {
        Buffer taken = output;
        output = null;
        return taken;
    }

    /** Forgets what was decompressed. */
    void reset() {
        Zlib.inflateReset(stream);
    }

    /** Copies what it remembers to the front of the scratch memory. Returns how many bytes. */
    int remembered(long scratch) {
        return Zlib.dictionary(stream, scratch);
    }

    /** Makes a new one remember. */
    void remember(long address, int lengthBytes) {
        Zlib.dictionary(stream, address, lengthBytes);
    }

    void close() {
        Zlib.inflateClose(stream);
    }
}
