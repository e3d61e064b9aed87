package io.hioload.transport.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.transport.Status;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IoErrorsTest {

    @ParameterizedTest
    @ValueSource(strings = {"Software caused connection abort: connection aborted", "No route to host", "Network is unreachable",
            "Network is down", "Operation not permitted", "Connection reset by peer"})
    void shouldGoOnAcceptingWhenOnlyOneConnectionWasLost(String text) {
        assertTrue(IoErrors.isOfOneConnection(new IOException(text)));
        assertTrue(IoErrors.isOfOneConnection(new ProtocolException("Protocol error")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Too many open files", "Too many open files in system", "No buffer space available",
            "Cannot allocate memory", "Invalid argument", ""})
    void shouldRestWhenAcceptLacksResourcesOrForAnUnknownReason(String text) {
        assertFalse(IoErrors.isOfOneConnection(new IOException(text)));
        assertFalse(IoErrors.isOfOneConnection(new IOException()));
    }

    @Test
    void shouldTakeAnUnknownFailureOfAStreamForAReset() {
        assertEquals(Status.RESET, IoErrors.ofStream(new IOException("something of another system")));
        assertEquals(Status.RESET, IoErrors.ofStream(new IOException("Broken pipe")));
        assertEquals(Status.REFUSED, IoErrors.ofSetup(new SocketException("Connection reset")));
        assertEquals(Status.NO_RESOURCES, IoErrors.ofSetup(new IOException("Too many open files")));
    }
}
