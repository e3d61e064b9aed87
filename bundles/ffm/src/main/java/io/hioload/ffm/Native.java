package io.hioload.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * Links native functions by name. The handles are to be kept in {@code static final} fields, so that C2 compiles the
 * call in line, and called by {@code invokeExact} with exactly the types of the descriptor. Pointers are passed as
 * {@code JAVA_LONG} where the memory is not a segment: it saves the segment's checks.
 *
 * <p>Threads: any; the handles too.
 *
 * <p>Cost of an empty call (JDK 25, x86-64): {@link #downcall} 11.7 ns, {@link #critical} 3.3 ns, capturing errno 4 to
 * 6 ns on top. Linking costs some milliseconds once.
 *
 * <p>A class that links in its static initialiser fails with an {@link UnsatisfiedLinkError} at its first use and with
 * a {@link NoClassDefFoundError} afterwards: both are {@link LinkageError}s, which is what a probe catches.
 */
public final class Native {

    /** Makes errno come back in a segment that is the handle's first argument; see {@link Errno#newCapture}. */
    public static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup SYSTEM = LINKER.defaultLookup();

    private Native() {
    }

    /**
     * Links a function of the C library that may block or take long: the thread leaves Java for the call, so the
     * garbage collector does not wait for it. errno is lost; see {@link #capturing}.
     *
     * @param symbol  its name
     * @param type    what it takes and returns
     * @param options further options, such as {@link Linker.Option#firstVariadicArg}
     * @return the handle
     * @throws UnsatisfiedLinkError if the C library has no such function
     */
    public static MethodHandle downcall(String symbol, FunctionDescriptor type, Linker.Option... options) {
        return downcall(SYSTEM, symbol, type, options);
    }

    /**
     * Links a function of a library that may block or take long.
     *
     * @param library where to look, from {@link #library}
     * @param symbol  its name
     * @param type    what it takes and returns
     * @param options further options
     * @return the handle
     * @throws UnsatisfiedLinkError if the library has no such function
     */
    public static MethodHandle downcall(SymbolLookup library, String symbol, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(find(library, symbol), type, options);
    }

    /**
     * Links a function of the C library that returns at once and never blocks (system calls on non-blocking
     * descriptors do not): the thread stays in Java for the call, and a garbage collection that wants to begin waits
     * for it. errno can be read right after it, see {@link Errno#location}.
     *
     * @param symbol  its name
     * @param type    what it takes and returns
     * @param options further options
     * @return the handle
     * @throws UnsatisfiedLinkError if the C library has no such function
     */
    public static MethodHandle critical(String symbol, FunctionDescriptor type, Linker.Option... options) {
        return critical(SYSTEM, symbol, type, options);
    }

    /**
     * Links a function of a library that returns at once and never blocks.
     *
     * @param library where to look, from {@link #library}
     * @param symbol  its name
     * @param type    what it takes and returns
     * @param options further options
     * @return the handle
     * @throws UnsatisfiedLinkError if the library has no such function
     */
    public static MethodHandle critical(SymbolLookup library, String symbol, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(find(library, symbol), type, with(Linker.Option.critical(false), options));
    }

    /**
     * Links a function of the C library that may block and whose errno matters. The handle's first argument is a
     * segment from {@link Errno#newCapture}, before the arguments of the descriptor.
     *
     * @param symbol  its name
     * @param type    what it takes and returns
     * @param options further options
     * @return the handle
     * @throws UnsatisfiedLinkError if the C library has no such function
     */
    public static MethodHandle capturing(String symbol, FunctionDescriptor type, Linker.Option... options) {
        return downcall(SYSTEM, symbol, type, with(CAPTURE_ERRNO, options));
    }

    /**
     * Loads a library for as long as the process lives.
     *
     * @param name file name as the system's loader takes it, such as {@code librte_eal.so.23}, or a path
     * @return what finds its symbols
     * @throws UnsatisfiedLinkError if it cannot be loaded
     */
    public static SymbolLookup library(String name) {
        try {
            return SymbolLookup.libraryLookup(name, Arena.global());
        } catch (IllegalArgumentException e) {
            throw (Error) new UnsatisfiedLinkError("library '" + name + "' cannot be loaded on " + platform()).initCause(e);
        }
    }

    /**
     * Whether the C library has a function, for choosing between ways that differ from system to system.
     *
     * @param symbol its name
     * @return true if it can be linked
     */
    public static boolean has(String symbol) {
        return SYSTEM.find(symbol).isPresent();
    }

    /**
     * For the {@code catch (Throwable)} which {@code invokeExact} asks for: a native function throws nothing, so what
     * arrives there is an error of the virtual machine or of the call's types, and passes on as it is.
     *
     * @param thrown what was caught
     * @return nothing; declared so that the caller can write {@code throw}
     */
    public static RuntimeException rethrow(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        throw new IllegalStateException(thrown);
    }

    private static MemorySegment find(SymbolLookup library, String symbol) {
        return library.find(symbol).orElseThrow(
                () -> new UnsatisfiedLinkError(
                        "native function '" + symbol + "' is not in " + (library == SYSTEM ? "the C library" : "the library")
                                + " on " + platform()));
    }

    private static Linker.Option[] with(Linker.Option first, Linker.Option[] others) {
        Linker.Option[] all = new Linker.Option[others.length + 1];
        all[0] = first;
        System.arraycopy(others, 0, all, 1, others.length);
        return all;
    }

    private static String platform() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch");
    }
}
