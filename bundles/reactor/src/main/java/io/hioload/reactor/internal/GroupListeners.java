package io.hioload.reactor.internal;

import io.hioload.reactor.ConnectionHandlerFactory;
import io.hioload.reactor.Listener;
import io.hioload.transport.Capability;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.Status;
import java.net.BindException;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Opens the listening addresses of a group: a socket on each reactor where the transport has SO_REUSEPORT, else one on
 * reactor 0, whose connections take turns over all reactors if they can be detached. Any thread; nothing blocks.
 *
 * <p>All or nothing: when one reactor fails, or has not got to it within {@link #ANSWER_NS}, what the others did is undone
 * and what has not begun is never done.
 */
final class GroupListeners {

    /** Less than callers wait, so that they learn how it ended. */
    private static final long ANSWER_NS = 5_000_000_000L;

    private final EventLoopGroup group;
    private final EventLoop[] loops;

    GroupListeners(EventLoopGroup group, EventLoop[] loops) {
        this.group = group;
        this.loops = loops;
    }

    CompletableFuture<Listener> listen(SocketAddress local, ListenOptions options, ConnectionHandlerFactory factory) {
        boolean each = loops.length > 1 && (group.transport().capabilities() & Capability.REUSE_PORT) != 0;
        ListenOptions how = each ? options.withReusePort(true) : options;
        GroupListener listener = new GroupListener(group);
        CompletableFuture<Void> off = off();
        CompletableFuture<Void> opened = open(loops[0], off, local, how, acceptor(loops[0], !each, factory), listener);
        if (each) {
            // With port 0 the first one's port is everybody's.
            opened = opened.thenCompose(done -> all(Stream.of(loops).skip(1)
                    .map(loop -> open(loop, off, listener.localAddress(), how, acceptor(loop, false, factory), listener))));
        }
        return result(opened, off, listener, listener::close);
    }

    private static CompletableFuture<Void> open(EventLoop loop, CompletableFuture<Void> off, SocketAddress local, ListenOptions how,
            Acceptor acceptor, GroupListener listener) {
        return Question.ask(loop, off, () -> {
            int number = loop.listeners().listen(local, how, acceptor);
            check(number, local);
            listener.add(new GroupListener.Socket(loop, number, acceptor), loop.transport().localAddress(number));
            return null;
        });
    }

    CompletableFuture<Listener> takeOver(Listener from, ConnectionHandlerFactory factory) {
        if (!(from instanceof GroupListener source)
                || !source.group().transport().handleKind().equals(group.transport().handleKind())) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("listener " + from.localAddress()
                    + " has no handles of kind " + group.transport().handleKind()));
        }
        GroupListener listener = new GroupListener(group);
        List<SocketMove> moves = source.sockets().stream()
                .map(socket -> new SocketMove(source, socket, listener, group.transport()::discard)).toList();
        if (moves.isEmpty() || source.isClosed()) {
            return CompletableFuture.failedFuture(new BindException(Status.text(Status.CLOSED) + ": " + source.localAddress()));
        }
        CompletableFuture<Void> off = off();
        boolean few = moves.size() < loops.length;
        CompletableFuture<Void> moved = all(moves.stream().map(move -> move.give(off)))
                .thenCompose(given -> all(IntStream.range(0, moves.size()).mapToObj(i -> {
                    EventLoop loop = loops[i % loops.length];
                    return moves.get(i).adopt(off, loop, acceptor(loop, few, factory));
                })));
        return result(moved, off, listener, () -> all(moves.stream().map(SocketMove::undo)));
    }

    private Acceptor acceptor(EventLoop self, boolean handsOut, ConnectionHandlerFactory factory) {
        return new Acceptor(self, handsOut ? handOutTargets(self) : new EventLoop[]{self}, factory);
    }

    private EventLoop[] handOutTargets(EventLoop self) {
        return (group.transport().capabilities() & Capability.DETACH) != 0 ? loops : new EventLoop[]{self};
    }

    static void check(int status, SocketAddress address) {
        if (status < 0) {
            throw new CompletionException(new BindException(Status.text(status) + ": " + address));
        }
    }

    /** Calls off what has not begun when the time is over. */
    private static CompletableFuture<Void> off() {
        return new CompletableFuture<Void>().completeOnTimeout(null, ANSWER_NS, TimeUnit.NANOSECONDS);
    }

    private static CompletableFuture<Void> all(Stream<CompletableFuture<Void>> each) {
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new));
    }

    /** The listener, or the failure when all that was done is undone. A caller who cancels this has it undone too. */
    private static CompletableFuture<Listener> result(CompletableFuture<Void> done, CompletableFuture<Void> off, GroupListener listener,
            Supplier<CompletionStage<Void>> undo) {
        CompletableFuture<Listener> result = new CompletableFuture<>();
        result.whenComplete((opened, failure) -> off.complete(null));
        done.whenComplete((nothing, failure) -> {
            if (failure == null && result.complete(listener)) {
                return;
            }
            Throwable cause = failure != null && failure.getCause() != null ? failure.getCause() : failure;
            undo.get().whenComplete((undone, ignored) -> result.completeExceptionally(cause != null ? cause : new CancellationException()));
        });
        return result;
    }
}
