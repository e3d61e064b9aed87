package io.hioload.reactor.internal;

import io.hioload.reactor.internal.GroupListener.Socket;
import io.hioload.transport.Status;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;

/**
 * One listening socket on its way from a reactor of one group to a reactor of another: {@link #give}, {@link #adopt}, and
 * {@link #undo} when any of them failed. Each step is asked for when the one before has answered, from any thread.
 *
 * <p>Between two steps the socket is a handle, which this owns: it goes to a reactor, or is discarded.
 */
final class SocketMove {

    private final GroupListener source;
    private final Socket from;
    private final GroupListener target;
    private DetachedHandle handle;
    private Socket adopted;

    SocketMove(GroupListener source, Socket from, GroupListener target) {
        this.source = source;
        this.from = from;
        this.target = target;
    }

    /** Takes it off its reactor. */
    CompletableFuture<Void> give(CompletableFuture<Void> off) {
        return Question.ask(from.loop(), off, () -> {
            int status = detach(source, from);
            GroupListeners.check(status, source.localAddress());
            return null;
        });
    }

    /** On the socket's reactor. */
    private int detach(GroupListener listener, Socket socket) {
        if (!listener.remove(socket)) {
            return Status.CLOSED;
        }
        DetachedHandle detached = socket.loop().listeners().detach(socket.number());
        if (detached == null) {
            listener.add(socket, listener.localAddress());
            return Status.NOT_SUPPORTED;
        }
        handle = detached;
        return Status.OK;
    }

    /** Goes on with it on another reactor. */
    CompletableFuture<Void> adopt(CompletableFuture<Void> off, EventLoop loop, Acceptor acceptor) {
        return Question.ask(loop, off, () -> {
            SocketAddress address = source.localAddress();
            int number = loop.listeners().adopt(handle, acceptor);
            GroupListeners.check(number, address);
            handle = null;
            adopted = new Socket(loop, number, acceptor);
            target.add(adopted, address);
            return null;
        });
    }

    /** Brings it back to where it was, unless that listener was closed meanwhile. Completes in any case. */
    CompletableFuture<Void> undo() {
        CompletableFuture<?> detached = adopted == null ? CompletableFuture.completedFuture(null)
                : Question.ask(adopted.loop(), null, () -> detach(target, adopted));
        return detached.handle((status, failure) -> null).thenCompose(nothing -> handle == null
                ? CompletableFuture.completedFuture(null)
                : Question.ask(from.loop(), null, this::putBack)).handle((nothing, failure) -> {
                    if (handle != null) {
                        handle.dispose();
                        handle = null;
                    }
                    return null;
                });
    }

    /** On the reactor where it was. */
    private Void putBack() {
        if (source.isClosed()) {
            return null;
        }
        int number = from.loop().listeners().adopt(handle, from.acceptor());
        if (number >= 0) {
            handle = null;
            source.putBack(new Socket(from.loop(), number, from.acceptor()));
        }
        return null;
    }
}
