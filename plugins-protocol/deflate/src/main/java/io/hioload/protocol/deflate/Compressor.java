package io.hioload.protocol.deflate;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.MessageCoder;

/**
 * One compressing stream. Its reactor's thread only. Owns the memory behind it: {@link #memoryBytes} of zlib's own, outside
 * of the buffer pool.
 */
final class Compressor {

    /** zlib's smallest window for raw streams. Its distances stay 262 below the window's size, so it serves for 8 bits too. */
    static final int MIN_BITS = 9;

    /** An empty stored block, with which every flush ends and which is not sent (RFC 7692, section 7.2.1). */
    private static final int TAIL_BYTES = 4;

    private final long stream;
    private final int memoryBytes;

    private Compressor(long stream, int memoryBytes) {
        this.stream = stream;
        this.memoryBytes = memoryBytes;
    }

    /** A new one, or null when out of memory. */
    static Compressor open(int level, int windowBits, int memoryLevel) {
        int bits = Math.max(windowBits, MIN_BITS);
        long stream = Zlib.deflateOpen(level, bits, memoryLevel);
        return stream == 0 ? null : new Compressor(stream, memoryBytes(bits, memoryLevel));
    }

    /** What zconf.h says that a compressor takes, and the few kilobytes that it is silent about. */
    static int memoryBytes(int windowBits, int memoryLevel) {
        return (1 << Math.max(windowBits, MIN_BITS) + 2) + (1 << memoryLevel + 9) + (6 << 10);
    }

    int memoryBytes() {
        return memoryBytes;
    }

    /**
     * Compresses a message.
     *
     * @param address of the message
     * @param length  from 1
     * @param pool    where the output comes from
     * @return the output behind room for a header; null when out of memory or the message is too large for any buffer, and
     *         then the stream is as it was
     */
    Buffer compress(long address, int length, BufferPool pool) {
        long bound = FrameEncoder.MAX_HEADER_BYTES + bound(length);
        Buffer output = bound > pool.maxCapacity() ? null : pool.acquire((int) bound);
        if (output != null) {
            Zlib.input(stream, address, length);
            Zlib.output(stream, output.address() + FrameEncoder.MAX_HEADER_BYTES, output.capacity() - FrameEncoder.MAX_HEADER_BYTES);
            Zlib.deflate(stream, Zlib.Z_SYNC_FLUSH);
        }
        return output;
    }

    /** Bytes of the message that was compressed last, or DECLINED if the output did not hold it. */
    int compressedBytes(Buffer output) {
        int left = Zlib.outputLeft(stream);
        if (left == 0 || Zlib.inputLeft(stream) != 0) {
            return MessageCoder.DECLINED;
        }
        return output.capacity() - FrameEncoder.MAX_HEADER_BYTES - left - TAIL_BYTES;
    }

    /**
     * The most that zlib makes of a message: compressBound's worst case for any level and window (deflate.c, deflateBound:
     * 9 bits a byte with the smallest memory level), and the flush.
     */
    private static long bound(int length) {
        return length + (length >> 3) + (length >> 8) + (length >> 9) + 64L;
    }

    /** Forgets what was compressed. */
    void reset() {
        Zlib.deflateReset(stream);
    }

    void close() {
        Zlib.deflateClose(stream);
    }
}
