package io.hioload.reactor.internal;

import io.hioload.reactor.ConnectionHandlerFactory;
import io.hioload.reactor.Listener;
import io.hioload.transport.ListenOptions;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One listening address with its socket on each reactor that accepts. Any thread.
 *
 * <p>A socket leaves the list on its reactor's thread, in the same task that closes or detaches it: what was asked for but
 * not done yet changes nothing here.
 */
final class GroupListener implements Listener {

    private final EventLoopGroup group;
    private final ListenOptions options;
    private final ConnectionHandlerFactory factory;
    /** Guarded by this. */
    private final List<Socket> sockets = new ArrayList<>();
    private SocketAddress address;
    private boolean shared;
    private CompletableFuture<Void> closed;

    /** Where a socket is and who deals with its connections. */
    record Socket(EventLoop loop, int number, Acceptor acceptor) {
    }

    GroupListener(EventLoopGroup group, ListenOptions options, ConnectionHandlerFactory factory) {
        this.group = group;
        this.options = options;
        this.factory = factory;
    }

    ListenOptions options() {
        return options;
    }

    ConnectionHandlerFactory factory() {
        return factory;
    }

    EventLoopGroup group() {
        return group;
    }

    /** Whether several sockets can listen on its address. */
    synchronized boolean isShared() {
        return shared;
    }

    synchronized void shared(boolean several) {
        shared = several;
    }

    synchronized void add(Socket socket, SocketAddress bound) {
        sockets.add(socket);
        if (bound != null) {
            address = bound;
        }
    }

    /** On the socket's reactor: false if it has gone already. */
    synchronized boolean remove(Socket socket) {
        return sockets.remove(socket);
    }

    /** On the socket's reactor: it is here again after all, for as long as the listener is open. */
    void putBack(Socket socket) {
        add(socket, localAddress());
        if (isClosed()) {
            close(socket);
        }
    }

    synchronized List<Socket> sockets() {
        return List.copyOf(sockets);
    }

    synchronized boolean isClosed() {
        return closed != null;
    }

    @Override
    public synchronized SocketAddress localAddress() {
        return address;
    }

    @Override
    public synchronized CompletionStage<Void> close() {
        if (closed == null) {
            CompletableFuture<?>[] all = sockets.stream().map(socket -> Question.ask(socket.loop, null, () -> close(socket)))
                    .toArray(CompletableFuture[]::new);
            // A reactor that takes no tasks any more closes its sockets itself.
            closed = CompletableFuture.allOf(all).exceptionally(stopped -> null);
        }
        return closed.minimalCompletionStage();
    }

    /** On the socket's reactor. */
    private Void close(Socket socket) {
        if (remove(socket)) {
            socket.loop.listeners().close(socket.number);
        }
        return null;
    }

    @Override
    public String toString() {
        return "Listener[" + localAddress() + "]";
    }
}
