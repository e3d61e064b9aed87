package io.hioload.reactor.internal;

import io.hioload.reactor.ConnectionHandlerFactory;
import io.hioload.reactor.Listener;
import io.hioload.reactor.internal.GroupListener.Socket;
import io.hioload.transport.Capability;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.Status;
import io.hioload.transport.TransportProvider;
import java.net.BindException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
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
    /** An address that was just given up can be taken for a moment. */
    private static final int BIND_ATTEMPTS = 40;
    private static final Executor LATER = CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

    private final EventLoopGroup group;
    private final List<GroupListener> open = new CopyOnWriteArrayList<>();

    GroupListeners(EventLoopGroup group) {
        this.group = group;
    }

    CompletableFuture<Listener> listen(SocketAddress local, ListenOptions options, ConnectionHandlerFactory factory) {
        if (group.transport() == null) {
            return CompletableFuture.failedFuture(new BindException("there is no transport: " + local));
        }
        GroupListener listener = new GroupListener(group, options, factory);
        CompletableFuture<Void> off = off();
        return result(open(listener, local, off), off, listener, listener::close);
    }

    private CompletableFuture<Void> open(GroupListener listener, SocketAddress local, CompletableFuture<Void> off) {
        EventLoop[] loops = group.loops();
        boolean each = loops.length > 1 && has(Capability.REUSE_PORT);
        listener.shared(each);
        ListenOptions how = each ? listener.options().withReusePort(true) : listener.options();
        CompletableFuture<Void> opened = open(loops[0], off, local, how, acceptor(loops[0], !each, listener), listener);
        if (!each) {
            return opened;
        }
        // With port 0 the first one's port is everybody's.
        return opened.thenCompose(done -> all(Stream.of(loops).skip(1)
                .map(loop -> open(loop, off, listener.localAddress(), how, acceptor(loop, false, listener), listener))));
    }

    private static CompletableFuture<Void> open(EventLoop loop, CompletableFuture<Void> off, SocketAddress local, ListenOptions how,
            Acceptor acceptor, GroupListener listener) {
        return Question.ask(loop, off, () -> {
            int number = loop.listeners().listen(local, how, acceptor);
            check(number, local);
            listener.add(new GroupListener.Socket(loop, number, acceptor), loop.listeners().localAddress(number));
            return null;
        });
    }

    CompletableFuture<Listener> takeOver(Listener from, ConnectionHandlerFactory factory) {
        if (!(from instanceof GroupListener source) || !kind(source.group()).equals(kind(group))) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("listener " + from.localAddress()
                    + " has no handles of kind " + kind(group)));
        }
        GroupListener listener = new GroupListener(group, source.options(), factory);
        List<SocketMove> moves = source.sockets().stream().map(socket -> new SocketMove(source, socket, listener)).toList();
        if (moves.isEmpty() || source.isClosed()) {
            return CompletableFuture.failedFuture(new BindException(Status.text(Status.CLOSED) + ": " + source.localAddress()));
        }
        CompletableFuture<Void> off = off();
        EventLoop[] loops = group.loops();
        boolean few = moves.size() < loops.length;
        CompletableFuture<Void> moved = all(moves.stream().map(move -> move.give(off)))
                .thenCompose(given -> all(IntStream.range(0, moves.size()).mapToObj(i -> {
                    EventLoop loop = loops[i % loops.length];
                    return moves.get(i).adopt(off, loop, acceptor(loop, few, listener));
                })));
        return result(moved, off, listener, () -> all(moves.stream().map(SocketMove::undo)));
    }

    private static String kind(EventLoopGroup group) {
        TransportProvider transport = group.transport();
        return transport == null ? "none" : transport.handleKind();
    }

    private boolean has(long capability) {
        TransportProvider transport = group.transport();
        return transport != null && (transport.capabilities() & capability) != 0;
    }

    private Acceptor acceptor(EventLoop self, boolean handsOut, GroupListener listener) {
        return new Acceptor(self, handsOut ? handOutTargets(self) : new EventLoop[]{self}, listener.factory());
    }

    private EventLoop[] handOutTargets(EventLoop self) {
        return has(Capability.DETACH) ? group.loops() : new EventLoop[]{self};
    }

    static void check(int status, SocketAddress address) {
        if (status < 0) {
            throw new CompletionException(new BindException(Status.text(status) + ": " + address));
        }
    }

    // ---- with a change of transport

    /**
     * Brings the listening addresses to the transport that the reactors run on now, where the reactors have not done so
     * themselves.
     *
     * @param serves there is a transport
     * @return how many sockets were opened again
     */
    CompletableFuture<Integer> follow(boolean serves) {
        CompletableFuture<Integer> all = CompletableFuture.completedFuture(0);
        for (GroupListener listener : open) {
            if (listener.isClosed()) {
                open.remove(listener);
                continue;
            }
            CompletableFuture<Integer> one = suspend(listener, false).thenApply(done -> 0);
            if (serves) {
                one = one.thenCompose(done -> listener.sockets().isEmpty() ? bindAgain(listener, BIND_ATTEMPTS)
                        : CompletableFuture.completedFuture(0));
            }
            all = all.thenCombine(one, Integer::sum);
        }
        return all;
    }

    /** Closes its sockets on older loops, or all, when what waits there is accepted; completes in any case. */
    private static CompletableFuture<Void> suspend(GroupListener listener, boolean all) {
        return all(listener.sockets().stream().map(socket -> Question.<Void>ask(socket.loop(), null, () -> {
            if ((all || socket.loop().listeners().isOnOlderLoop(socket.number())) && listener.remove(socket)) {
                socket.loop().listeners().drainAndClose(socket.number());
            }
            return null;
        }))).exceptionally(stopped -> null);
    }

    private CompletableFuture<Integer> bindAgain(GroupListener listener, int attempts) {
        return open(listener, listener.localAddress(), null).handle((opened, failure) -> {
            if (failure == null) {
                return CompletableFuture.completedFuture(listener.sockets().size());
            }
            return suspend(listener, true).thenCompose(closed -> attempts == 1 || listener.isClosed()
                    ? CompletableFuture.<Integer>failedFuture(GroupChanges.cause(failure))
                    : CompletableFuture.supplyAsync(() -> null, LATER).thenCompose(later -> bindAgain(listener, attempts - 1)));
        }).thenCompose(again -> again);
    }

    // ---- with another number of reactors

    /**
     * Brings sockets from reactors that go to those that stay, opens sockets on new ones where an address can have several,
     * and deals connections out over all where it cannot.
     */
    CompletableFuture<Void> spread(EventLoop[] loops) {
        return all(open.stream().filter(listener -> !listener.isClosed()).map(listener -> spread(listener, loops)));
    }

    private CompletableFuture<Void> spread(GroupListener listener, EventLoop[] loops) {
        List<EventLoop> present = List.of(loops);
        List<EventLoop> without = new ArrayList<>(present);
        List<Socket> homeless = new ArrayList<>();
        for (Socket socket : listener.sockets()) {
            if (!present.contains(socket.loop()) || !without.remove(socket.loop()) && loops.length > 1) {
                homeless.add(socket);
            }
        }
        List<CompletableFuture<Void>> steps = new ArrayList<>();
        for (int i = 0; i < homeless.size(); i++) {
            EventLoop to = without.isEmpty() ? loops[i % loops.length] : without.removeFirst();
            steps.add(move(listener, homeless.get(i), to));
        }
        if (listener.isShared() && has(Capability.REUSE_PORT) && !listener.sockets().isEmpty()) {
            ListenOptions how = listener.options().withReusePort(true);
            // A socket that cannot be opened leaves its reactor to the acceptors of the others.
            without.forEach(loop -> steps.add(open(loop, null, listener.localAddress(), how, acceptor(loop, false, listener), listener)
                    .exceptionally(failure -> null)));
        }
        return all(steps.stream()).thenCompose(done -> retarget(listener, loops));
    }

    private CompletableFuture<Void> move(GroupListener listener, Socket socket, EventLoop to) {
        if (socket.loop() == to) {
            return CompletableFuture.completedFuture(null);
        }
        SocketMove move = new SocketMove(listener, socket, listener);
        return move.give(null).thenCompose(given -> move.adopt(null, to, socket.acceptor().on(to)))
                .exceptionallyCompose(failure -> move.undo());
    }

    private CompletableFuture<Void> retarget(GroupListener listener, EventLoop[] loops) {
        List<Socket> sockets = listener.sockets();
        boolean everywhere = Stream.of(loops).allMatch(loop -> sockets.stream().anyMatch(socket -> socket.loop() == loop));
        return all(sockets.stream().map(socket -> Question.<Void>ask(socket.loop(), null, () -> {
            socket.acceptor().targets(everywhere ? new EventLoop[]{socket.loop()} : handOutTargets(socket.loop()));
            return null;
        }))).exceptionally(stopped -> null);
    }

    // ---- answers

    /** Calls off what has not begun when the time is over. */
    private static CompletableFuture<Void> off() {
        return new CompletableFuture<Void>().completeOnTimeout(null, ANSWER_NS, TimeUnit.NANOSECONDS);
    }

    private static CompletableFuture<Void> all(Stream<CompletableFuture<Void>> each) {
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new));
    }

    /** The listener, or the failure when all that was done is undone. A caller who cancels this has it undone too. */
    private CompletableFuture<Listener> result(CompletableFuture<Void> done, CompletableFuture<Void> off, GroupListener listener,
            Supplier<CompletionStage<Void>> undo) {
        CompletableFuture<Listener> result = new CompletableFuture<>();
        result.whenComplete((opened, failure) -> off.complete(null));
        done.whenComplete((nothing, failure) -> {
            open.add(listener);
            if (failure == null && result.complete(listener)) {
                return;
            }
            open.remove(listener);
            Throwable cause = failure != null && failure.getCause() != null ? failure.getCause() : failure;
            undo.get().whenComplete((undone, ignored) -> result.completeExceptionally(cause != null ? cause : new CancellationException()));
        });
        return result;
    }
}
