package io.hioload.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NativeTest {

    private static final FunctionDescriptor INT_OF_INT = FunctionDescriptor.of(JAVA_INT, JAVA_INT);

    @Test
    void shouldCallOrdinaryAndCriticalWhenFunctionExists() throws Throwable {
        FunctionDescriptor length = FunctionDescriptor.of(JAVA_LONG, ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom("four");
            assertEquals(4L, (long) Native.downcall("strlen", length).invokeExact(text));
            assertEquals(4L, (long) Native.critical("strlen", length).invokeExact(text));
        }
    }

    @Test
    void shouldNameFunctionAndPlatformWhenSymbolIsMissing() {
        LinkageError error = assertThrows(UnsatisfiedLinkError.class, () -> Native.downcall("no_such_function", INT_OF_INT));
        assertTrue(error.getMessage().contains("'no_such_function'"), error.getMessage());
        assertTrue(error.getMessage().contains(System.getProperty("os.name")), error.getMessage());
        assertFalse(Native.has("no_such_function"));
        assertTrue(Native.has("strlen"));
    }

    @Test
    void shouldNameLibraryWhenItCannotBeLoaded() {
        LinkageError error = assertThrows(UnsatisfiedLinkError.class, () -> Native.library("no-such-library.so"));
        assertTrue(error.getMessage().contains("'no-such-library.so'"), error.getMessage());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldFindFunctionsWhenLibraryIsLoadedByName() throws Throwable {
        MethodHandle getpid = Native.critical(Native.library("libc.so.6"), "getpid", FunctionDescriptor.of(JAVA_INT));
        assertEquals(ProcessHandle.current().pid(), (int) getpid.invokeExact());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldReadErrnoInPlaceWhenCriticalCallFails() throws Throwable {
        MethodHandle close = Native.critical("close", INT_OF_INT);
        long errno = Errno.location();
        int result = 0;
        int error = 0;
        for (int i = 0; i < 50_000; i++) { // long enough to be compiled on the way
            Memory.putInt(errno, 0);
            result = (int) close.invokeExact(-1);
            error = Errno.at(errno);
            assertEquals(Errno.EBADF, error);
        }
        assertEquals(-1, result);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldCaptureErrnoWhenLinkedToDoSo() throws Throwable {
        MethodHandle ordinary = Native.capturing("close", INT_OF_INT);
        MethodHandle critical = Native.critical("close", INT_OF_INT, Native.CAPTURE_ERRNO);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = Errno.newCapture(arena);
            assertEquals(-1, (int) ordinary.invokeExact(capture, -1));
            assertEquals(Errno.EBADF, Errno.captured(capture));
            capture.fill((byte) 0);
            assertEquals(-1, (int) critical.invokeExact(capture, -1));
            assertEquals(Errno.EBADF, Errno.captured(capture));
        }
    }

    @Test
    void shouldKeepErrnoApartWhenThreadsDiffer() throws InterruptedException {
        long[] other = new long[1];
        long here = Errno.location();
        Thread thread = new Thread(() -> other[0] = Errno.location());
        thread.start();
        thread.join();
        assertTrue(other[0] != 0 && other[0] != here);
        assertEquals(here, Errno.location());
    }

    @Test
    void shouldRefuseLocationWhenThreadIsVirtual() throws InterruptedException {
        Throwable[] thrown = new Throwable[1];
        Thread.ofVirtual().start(() -> thrown[0] = assertThrows(IllegalStateException.class, Errno::location)).join();
        assertTrue(thrown[0].getMessage().contains("CAPTURE_ERRNO"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldTellWhatErrorNumberMeans() {
        assertEquals("Connection reset by peer (errno 104)", Errno.text(Errno.ECONNRESET));
        assertTrue(Errno.text(99_999).endsWith("(errno 99999)"));
    }

    @Test
    void shouldPassOnWhatWasThrownWhenRethrown() {
        Error error = new StackOverflowError();
        RuntimeException unchecked = new IllegalArgumentException();
        IOException checked = new IOException();
        assertSame(error, assertThrows(Error.class, () -> Native.rethrow(error)));
        assertSame(unchecked, assertThrows(RuntimeException.class, () -> Native.rethrow(unchecked)));
        assertSame(checked, assertThrows(IllegalStateException.class, () -> Native.rethrow(checked)).getCause());
    }
}
