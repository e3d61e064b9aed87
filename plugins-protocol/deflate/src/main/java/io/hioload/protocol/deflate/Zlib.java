package io.hioload.protocol.deflate;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hioload.ffm.Memory;
import io.hioload.ffm.Native;
import io.hioload.ffm.Os;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The functions of zlib that raw DEFLATE streams need (zlib.h, 1.2.7.1 or newer for {@code inflateGetDictionary}), for systems
 * where {@code long} has 64 bits. Any thread; a stream is for one at a time. Streams are known by the address of their
 * {@code z_stream}, which belongs to the caller, as does what zlib allocates behind it until the stream is ended.
 */
final class Zlib {

    static final int Z_NO_FLUSH = 0;
    static final int Z_SYNC_FLUSH = 2;
    static final int Z_OK = 0;
    static final int Z_STREAM_END = 1;
    static final int Z_BUF_ERROR = -5;

    private static final int Z_DEFLATED = 8;
    private static final int Z_DEFAULT_STRATEGY = 0;

    /** {@code struct z_stream_s} of LP64 systems. */
    private static final int STREAM_BYTES = 112;
    private static final int NEXT_IN = 0;
    private static final int AVAIL_IN = 8;
    private static final int NEXT_OUT = 24;
    private static final int AVAIL_OUT = 32;
    private static final int DATA_TYPE = 88;
    /** Of data_type, as inflate sets it. */
    private static final int BEHIND_BLOCK = 128;

    private static final SymbolLookup LIBRARY = Native.library(libraryName(Os.current()));
    private static final MethodHandle VERSION = Native.downcall(LIBRARY, "zlibVersion", FunctionDescriptor.of(JAVA_LONG));
    private static final MethodHandle DEFLATE_INIT2 = Native.downcall(LIBRARY, "deflateInit2_",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle INFLATE_INIT2 = Native.downcall(LIBRARY, "inflateInit2_",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle DEFLATE = step("deflate");
    private static final MethodHandle INFLATE = step("inflate");
    private static final MethodHandle DEFLATE_RESET = onStream("deflateReset");
    private static final MethodHandle INFLATE_RESET = onStream("inflateReset");
    private static final MethodHandle DEFLATE_END = onStream("deflateEnd");
    private static final MethodHandle INFLATE_END = onStream("inflateEnd");
    private static final MethodHandle GET_DICTIONARY = Native.downcall(LIBRARY, "inflateGetDictionary",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SET_DICTIONARY = Native.downcall(LIBRARY, "inflateSetDictionary",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle CALLOC = Native.downcall("calloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle FREE = Native.downcall("free", FunctionDescriptor.ofVoid(JAVA_LONG));
    /** What init compares with its own version; only the first character counts. */
    private static final MemorySegment HEADER_VERSION = Arena.global().allocateFrom("1.2.11");

    private Zlib() {
    }

    /**
     * The file that the system's loader knows zlib by.
     *
     * @throws UnsatisfiedLinkError where {@code long} has 32 bits, for which the layout here is not made
     */
    private static String libraryName(Os system) {
        return switch (system) {
            case LINUX -> "libz.so.1";
            case MACOS -> "libz.1.dylib";
            default -> throw new UnsatisfiedLinkError("zlib is used on Linux and macOS only, this is " + system);
        };
    }

    private static MethodHandle step(String symbol) {
        return Native.downcall(LIBRARY, symbol, FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    }

    private static MethodHandle onStream(String symbol) {
        return Native.downcall(LIBRARY, symbol, FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    }

    /** The version of the library, such as {@code 1.2.13}. */
    static String version() {
        try {
            return MemorySegment.ofAddress((long) VERSION.invokeExact()).reinterpret(64).getString(0);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /** Memory filled with zeros, to be given back by {@link #free}; 0 when there is none. */
    static long allocate(long lengthBytes) {
        try {
            return (long) CALLOC.invokeExact(1L, lengthBytes);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    static void free(long address) {
        try {
            FREE.invokeExact(address);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /**
     * Opens a compressor of raw DEFLATE (negative window bits in zlib.h).
     *
     * @param level       1 to 9
     * @param windowBits  9 to 15
     * @param memoryLevel 1 to 9
     * @return the stream, or 0 when out of memory
     */
    static long deflateOpen(int level, int windowBits, int memoryLevel) {
        long stream = allocate(STREAM_BYTES);
        if (stream == 0) {
            return 0;
        }
        try {
            int result = (int) DEFLATE_INIT2.invokeExact(stream, level, Z_DEFLATED, -windowBits, memoryLevel, Z_DEFAULT_STRATEGY,
                    HEADER_VERSION, STREAM_BYTES);
            return opened(stream, result);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /**
     * Opens a decompressor of raw DEFLATE.
     *
     * @param windowBits 8 to 15, at least what the compressor has
     * @return the stream, or 0 when out of memory
     */
    static long inflateOpen(int windowBits) {
        long stream = allocate(STREAM_BYTES);
        if (stream == 0) {
            return 0;
        }
        try {
            return opened(stream, (int) INFLATE_INIT2.invokeExact(stream, -windowBits, HEADER_VERSION, STREAM_BYTES));
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    private static long opened(long stream, int result) {
        if (result == Z_OK) {
            return stream;
        }
        free(stream);
        return 0;
    }

    static void input(long stream, long address, int lengthBytes) {
        Memory.putLong(stream + NEXT_IN, address);
        Memory.putInt(stream + AVAIL_IN, lengthBytes);
    }

    static void output(long stream, long address, int lengthBytes) {
        Memory.putLong(stream + NEXT_OUT, address);
        Memory.putInt(stream + AVAIL_OUT, lengthBytes);
    }

    /** Input that was not yet consumed. */
    static int inputLeft(long stream) {
        return Memory.getInt(stream + AVAIL_IN);
    }

    /** Room that was not yet filled. */
    static int outputLeft(long stream) {
        return Memory.getInt(stream + AVAIL_OUT);
    }

    /** Whether the last step of a decompressor ended between two blocks. */
    static boolean isBehindBlock(long stream) {
        return (Memory.getInt(stream + DATA_TYPE) & BEHIND_BLOCK) != 0;
    }

    static int deflate(long stream, int flush) {
        return step(DEFLATE, stream, flush);
    }

    static int inflate(long stream, int flush) {
        return step(INFLATE, stream, flush);
    }

    private static int step(MethodHandle function, long stream, int flush) {
        try {
            return (int) function.invokeExact(stream, flush);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    static void deflateReset(long stream) {
        call(DEFLATE_RESET, stream);
    }

    static void inflateReset(long stream) {
        call(INFLATE_RESET, stream);
    }

    /** Ends a compressor and gives its memory back. */
    static void deflateClose(long stream) {
        call(DEFLATE_END, stream);
        free(stream);
    }

    /** Ends a decompressor and gives its memory back. */
    static void inflateClose(long stream) {
        call(INFLATE_END, stream);
        free(stream);
    }

    private static void call(MethodHandle function, long stream) {
        try {
            int ignored = (int) function.invokeExact(stream);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /**
     * Copies what a decompressor remembers of its output.
     *
     * @param stream  decompressor
     * @param address room for 2^15 bytes
     * @return bytes
     */
    static int dictionary(long stream, long address) {
        try {
            long length = address + (1 << Decompressor.MAX_BITS);
            Memory.putInt(length, 0);
            int ignored = (int) GET_DICTIONARY.invokeExact(stream, address, length);
            return Memory.getInt(length);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }

    /** Makes a fresh decompressor remember output of another. */
    static void dictionary(long stream, long address, int lengthBytes) {
        try {
            int ignored = (int) SET_DICTIONARY.invokeExact(stream, address, lengthBytes);
        } catch (Throwable t) {
            throw Native.rethrow(t);
        }
    }
}
