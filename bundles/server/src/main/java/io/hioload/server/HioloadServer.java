package io.hioload.server;

import io.hioload.control.Control;
import io.hioload.server.internal.ManagedServer;
import java.net.InetSocketAddress;

/** A server that was started from plain Java. Owns its threads, memory and sockets until it is closed. Any thread. */
public final class HioloadServer implements AutoCloseable {

    private final ManagedServer server;

    HioloadServer(ManagedServer server) {
        this.server = server;
    }

    /**
     * Where it listens.
     *
     * @return the address with the real port; {@code null} once it is stopped
     */
    public InetSocketAddress localAddress() {
        return server.localAddress();
    }

    /**
     * The port it listens on.
     *
     * @return the real port
     * @throws IllegalStateException if it is stopped
     */
    public int port() {
        InetSocketAddress address = localAddress();
        if (address == null) {
            throw new IllegalStateException("the server is stopped");
        }
        return address.getPort();
    }

    /**
     * What it runs on.
     *
     * @return the transport's name; {@code null} once it is stopped
     */
    public String transport() {
        return server.transport();
    }

    /**
     * Changes its configuration and shows its state.
     *
     * @return always the same object
     */
    public Control control() {
        return server;
    }

    /**
     * Waits until it is stopped.
     *
     * @throws InterruptedException if the calling thread was interrupted
     */
    public void awaitStopped() throws InterruptedException {
        server.awaitStopped();
    }

    /**
     * Drains and stops: sessions are closed with 1001 and have {@code drain.timeout} to end. Returns when everything is
     * given back; closing again waits for the same.
     *
     * @throws IllegalStateException if called on one of the server's own reactors' threads
     */
    @Override
    public void close() {
        server.close();
    }
}
