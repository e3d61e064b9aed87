package io.hioload.server;

import io.hioload.control.Control;
import io.hioload.server.internal.ManagedServer;
import io.hioload.transport.TransportProvider;
import io.hioload.websocket.Topics;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

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
     * @return the transport's name; {@code null} while there is none and once it is stopped
     */
    public String transport() {
        return server.transport();
    }

    /**
     * Changes which transports there are, while it serves: with {@code transport = auto} it goes on with the best of them, and
     * one that it runs on and that is not among them it leaves, as {@code transport.change} says. Returns when it serves on
     * what it chose; without any it rests, keeps its sockets where it can, and goes on when there is one again.
     *
     * @param transports all that there are from now on
     * @throws InterruptedException  if the calling thread was interrupted while it waited
     * @throws IllegalStateException if called on one of the server's own reactors' threads
     */
    public void transports(List<TransportProvider> transports) throws InterruptedException {
        server.transports(transports);
    }

    /**
     * The same with the transports that {@link ServiceLoader} finds, such as those of a plugin's new version.
     *
     * @param parts where to look
     * @throws InterruptedException              as above
     * @throws IllegalStateException             as above
     * @throws java.util.ServiceConfigurationError if a provider that is found cannot be made; nothing changes
     */
    public void reloadTransports(ClassLoader parts) throws InterruptedException {
        List<TransportProvider> found = new ArrayList<>();
        ServiceLoader.load(TransportProvider.class, parts).forEach(found::add);
        server.transports(found);
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
     * Publishes to sessions that subscribed.
     *
     * @return always the same object; it answers CLOSED once the server is stopped
     */
    public Topics topics() {
        return server.topics();
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
