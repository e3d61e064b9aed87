package io.hioload.reactor.internal;

import io.hioload.reactor.ConnectionHandlerFactory;
import io.hioload.reactor.Listener;
import io.hioload.transport.Capability;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.Status;
import java.net.BindException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Opens the listening addresses of a group: a socket on each reactor where the transport has SO_REUSEPORT, else one on
 * reactor 0, whose connections take turns over all reactors if they can be detached. Any thread; nothing blocks.
 */
final class GroupListeners {

    private final EventLoopGroup group;
    private final EventLoop[] loops;

    GroupListeners(EventLoopGroup group, EventLoop[] loops) {
        this.group = group;
        this.loops = loops;
    }

    /** Runs something on a reactor and tells the result; the failure when the reactor takes no more tasks. */
    static <T> CompletableFuture<T> ask(EventLoop loop, Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            loop.execute(() -> {
                try {
                    answer.complete(question.get());
                } catch (Throwable t) {
                    answer.completeExceptionally(t);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    CompletableFuture<Listener> listen(SocketAddress local, ListenOptions options, ConnectionHandlerFactory factory) {
        boolean each = loops.length > 1 && (group.transport().capabilities() & Capability.REUSE_PORT) != 0;
        ListenOptions how = each ? options.withReusePort(true) : options;
        EventLoop first = loops[0];
        EventLoop[] targets = each ? new EventLoop[]{first} : handOutTargets(first);
        GroupListener listener = new GroupListener(group);
        CompletableFuture<Void> opened = ask(first, () -> {
            int number = first.listeners().listen(local, how, targets, factory);
            if (number >= 0) {
                listener.add(first, number, first.transport().localAddress(number));
            }
            return number;
        }).thenAccept(number -> check(number, local));
        if (each) {
            // With port 0 the first one's port is everybody's.
            opened = opened.thenCompose(done -> others(listener, how, factory));
        }
        return rolledBackOnFailure(opened, listener);
    }

    private CompletableFuture<Void> others(GroupListener listener, ListenOptions how, ConnectionHandlerFactory factory) {
        SocketAddress bound = listener.localAddress();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 1; i < loops.length; i++) {
            EventLoop loop = loops[i];
            all.add(ask(loop, () -> {
                int number = loop.listeners().listen(bound, how, new EventLoop[]{loop}, factory);
                if (number >= 0) {
                    listener.add(loop, number, bound);
                }
                return number;
            }).thenAccept(number -> check(number, bound)));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    CompletableFuture<Listener> takeOver(Listener from, ConnectionHandlerFactory factory) {
        if (!(from instanceof GroupListener source)
                || !source.group().transport().handleKind().equals(group.transport().handleKind())) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("listener " + from.localAddress()
                    + " has no handles of kind " + group.transport().handleKind()));
        }
        GroupListener listener = new GroupListener(group);
        return source.giveAway().thenCompose(handles -> {
            if (handles.isEmpty()) {
                return CompletableFuture.failedFuture(new BindException(Status.text(Status.CLOSED) + ": " + source.localAddress()));
            }
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < handles.size(); i++) {
                all.add(adopt(listener, loops[i % loops.length], handles.get(i), handles.size() < loops.length, source, factory));
            }
            return rolledBackOnFailure(CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)), listener);
        });
    }

    private CompletableFuture<Void> adopt(GroupListener listener, EventLoop loop, long handle, boolean few, GroupListener source,
            ConnectionHandlerFactory factory) {
        SocketAddress address = source.localAddress();
        return ask(loop, () -> {
            int number = loop.listeners().adopt(handle, few ? handOutTargets(loop) : new EventLoop[]{loop}, factory);
            if (number >= 0) {
                listener.add(loop, number, address);
            }
            return number;
        }).thenAccept(number -> check(number, address)).whenComplete((done, failure) -> {
            if (failure != null) {
                group.transport().discard(handle);
            }
        });
    }

    private EventLoop[] handOutTargets(EventLoop self) {
        return (group.transport().capabilities() & Capability.DETACH) != 0 ? loops : new EventLoop[]{self};
    }

    private static void check(int status, SocketAddress address) {
        if (status < 0) {
            throw new CompletionException(new BindException(Status.text(status) + ": " + address));
        }
    }

    /** The listener, or the failure when every socket that was opened is closed again. */
    private static CompletableFuture<Listener> rolledBackOnFailure(CompletableFuture<Void> opened, GroupListener listener) {
        CompletableFuture<Listener> result = new CompletableFuture<>();
        opened.whenComplete((done, failure) -> {
            if (failure == null) {
                result.complete(listener);
                return;
            }
            Throwable cause = failure.getCause() != null ? failure.getCause() : failure;
            listener.close().whenComplete((closed, ignored) -> result.completeExceptionally(cause));
        });
        return result;
    }
}
