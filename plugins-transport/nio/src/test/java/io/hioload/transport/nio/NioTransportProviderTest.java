package io.hioload.transport.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.hioload.transport.Status;
import io.hioload.transport.TransportProvider;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class NioTransportProviderTest {

    @Test
    void shouldBeFoundByServiceLoader() {
        assertInstanceOf(NioTransportProvider.class, ServiceLoader.load(TransportProvider.class).findFirst().orElseThrow());
    }

    @Test
    void shouldTellErrorsApart() {
        assertEquals(Status.REFUSED, IoErrors.ofSetup(new ConnectException("Connection refused")));
        assertEquals(Status.TIMED_OUT, IoErrors.ofSetup(new ConnectException("Connection timed out")));
        assertEquals(Status.UNREACHABLE, IoErrors.ofSetup(new NoRouteToHostException("No route to host")));
        assertEquals(Status.UNREACHABLE, IoErrors.ofSetup(new SocketException("Network is unreachable")));
        assertEquals(Status.UNREACHABLE, IoErrors.ofSetup(new UnresolvedAddressException()));
        assertEquals(Status.ADDRESS_IN_USE, IoErrors.ofSetup(new BindException("Address already in use")));
        assertEquals(Status.ADDRESS_NOT_AVAILABLE, IoErrors.ofSetup(new BindException("Cannot assign requested address")));
        assertEquals(Status.NOT_PERMITTED, IoErrors.ofSetup(new SocketException("Permission denied")));
        assertEquals(Status.NO_RESOURCES, IoErrors.ofSetup(new IOException("Too many open files")));
        assertEquals(Status.RESET, IoErrors.ofStream(new SocketException("Connection reset")));
        assertEquals(Status.RESET, IoErrors.ofStream(new IOException("An existing connection was forcibly closed by the remote host")));
        assertEquals(Status.TIMED_OUT, IoErrors.ofStream(new IOException("Connection timed out")));
    }
}
