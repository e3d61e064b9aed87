package io.hioload.reactor.internal;

import io.hioload.reactor.Listener;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** One listening address with its socket on each reactor that accepts. Any thread. */
final class GroupListener implements Listener {

    private final EventLoopGroup group;
    /** Guarded by this. */
    private final List<Socket> sockets = new ArrayList<>();
    private SocketAddress address;
    private CompletableFuture<Void> closed;

    private record Socket(EventLoop loop, int number) {
    }

    GroupListener(EventLoopGroup group) {
        this.group = group;
    }

    EventLoopGroup group() {
        return group;
    }

    synchronized void add(EventLoop loop, int number, SocketAddress bound) {
        sockets.add(new Socket(loop, number));
        address = bound;
    }

    @Override
    public synchronized SocketAddress localAddress() {
        return address;
    }

    @Override
    public synchronized CompletionStage<Void> close() {
        if (closed == null) {
            CompletableFuture<?>[] all = drain(socket -> GroupListeners.ask(socket.loop, () -> {
                socket.loop.listeners().close(socket.number);
                return null;
            })).toArray(CompletableFuture[]::new);
            // A reactor that takes no tasks any more closes its sockets itself.
            closed = CompletableFuture.allOf(all).exceptionally(stopped -> null);
        }
        return closed.minimalCompletionStage();
    }

    /**
     * Takes the sockets off their reactors; this listener is closed then. Sockets that their transport does not let go of
     * stay with it.
     *
     * @return the handles
     */
    synchronized CompletableFuture<List<Long>> giveAway() {
        List<Long> handles = new ArrayList<>();
        CompletableFuture<?>[] all = drain(
                socket -> GroupListeners.ask(socket.loop, () -> socket.loop.listeners().detach(socket.number)).thenAccept(handle -> {
                    synchronized (this) {
                        if (handle >= 0) {
                            handles.add(handle);
                        } else {
                            sockets.add(socket);
                        }
                    }
                })).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(all).handle((done, failure) -> {
            synchronized (this) {
                if (sockets.isEmpty() && closed == null) {
                    closed = CompletableFuture.completedFuture(null);
                }
                return List.copyOf(handles);
            }
        });
    }

    private <T> List<CompletableFuture<T>> drain(Function<Socket, CompletableFuture<T>> each) {
        List<Socket> taken = List.copyOf(sockets);
        sockets.clear();
        return taken.stream().map(each).toList();
    }

    @Override
    public String toString() {
        return "Listener[" + localAddress() + "]";
    }
}
