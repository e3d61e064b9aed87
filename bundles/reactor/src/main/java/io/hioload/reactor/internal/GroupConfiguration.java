package io.hioload.reactor.internal;

import io.hioload.reactor.ChangePolicy;
import io.hioload.reactor.Reactor;
import io.hioload.reactor.ReactorSettings;
import io.hioload.reactor.TransportChange;
import io.hioload.transport.TransportException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Changes the settings of a group while it serves: what can fail first, all or nothing, then the rest. Any thread; nothing
 * blocks.
 */
final class GroupConfiguration {

    private final EventLoopGroup group;

    GroupConfiguration(EventLoopGroup group) {
        this.group = group;
    }

    /**
     * Changes the settings.
     *
     * @param wanted from now on
     * @param policy what becomes of connections that have to move
     * @param with   is called by each reactor in the task in which it takes the settings
     * @param inForce is completed when every reactor runs by them, and another change may begin
     * @return completes when those that are to go have gone
     */
    CompletableFuture<Void> configure(ReactorSettings wanted, ChangePolicy policy, Consumer<Reactor> with,
            CompletableFuture<Void> inForce) {
        ReactorSettings before = group.settings();
        ReactorSettings after = new ReactorSettings(before.name(), wanted.reactors(), wanted.maxConnections(), wanted.pinned(),
                wanted.placement(), wanted.idle(), wanted.eventsPerTurn(), before.taskQueueSlots(), wanted.highWaterBytes(),
                wanted.lowWaterBytes(), wanted.lingerNs(),
                wanted.transport(), wanted.rebalance());
        boolean reopens = !after.transport().equals(before.transport()) || after.maxConnections() > group.mostConnections();
        group.place(after);
        group.settings(after);
        return grow(after).thenCompose(added -> (reopens ? reopen(before, after, policy) : CompletableFuture.<Void>completedFuture(null))
                .handle((reopened, failure) -> {
                    if (failure != null) {
                        added.forEach(thread -> thread.loop().tasks().stop());
                        return CompletableFuture.<Void>failedFuture(failure);
                    }
                    return settle(after, added, policy, with, inForce);
                }).thenCompose(settled -> settled)).whenComplete((done, failure) -> {
                    if (failure != null && !inForce.isDone()) {
                        group.settings(before);
                        group.place(before);
                    }
                    inForce.complete(null);
                });
    }

    /** Starts the reactors that are missing; if one cannot be, none is left. */
    private CompletableFuture<List<LoopThread>> grow(ReactorSettings after) {
        List<LoopThread> added = new ArrayList<>();
        CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
        for (int index = group.loops().length; index < group.count(after); index++) {
            LoopThread thread = group.thread(index);
            added.add(thread);
            all = CompletableFuture.allOf(all, thread.start());
        }
        return all.handle((opened, failure) -> {
            if (failure == null) {
                return CompletableFuture.completedFuture(added);
            }
            added.forEach(thread -> thread.loop().tasks().stop());
            Throwable cause = GroupChanges.cause(failure);
            return CompletableFuture.<List<LoopThread>>failedFuture(cause instanceof TransportException ? cause
                    : new TransportException("a reactor of " + after.name() + " could not be started: " + cause, cause));
        }).thenCompose(started -> started);
    }

    /** Changes to the same transport with other settings. */
    private CompletableFuture<Void> reopen(ReactorSettings before, ReactorSettings after, ChangePolicy policy) {
        int most = group.mostConnections();
        group.mostConnections(Math.max(most, after.maxConnections()));
        CompletableFuture<Void> switched = new CompletableFuture<>();
        tune(after);
        CompletableFuture<TransportChange> change = group.changes().change(group.transport(), policy, switched);
        return switched.thenCompose(now -> {
            if (change.isCompletedExceptionally()) {
                group.mostConnections(most);
                tune(before);
                return change.thenApply(never -> null);
            }
            return CompletableFuture.completedFuture(null);
        });
    }

    private void tune(ReactorSettings settings) {
        for (EventLoop loop : group.loops()) {
            Question.ask(loop, null, () -> {
                loop.settings().tuneBy(settings);
                return null;
            });
        }
    }

    private CompletableFuture<Void> settle(ReactorSettings after, List<LoopThread> added, ChangePolicy policy,
            Consumer<Reactor> with, CompletableFuture<Void> inForce) {
        group.admit(after.maxConnections());
        EventLoop[] before = group.loops();
        List<EventLoop> stay = new ArrayList<>(Arrays.asList(before).subList(0, Math.min(before.length, group.count(after))));
        added.forEach(thread -> stay.add(thread.loop()));
        EventLoop[] now = stay.toArray(EventLoop[]::new);
        EventLoop[] gone = Arrays.copyOfRange(before, Math.min(before.length, now.length), before.length);
        return group.configureAll(now, after, with).thenCompose(done -> {
            group.loops(now);
            group.rebalanceBy(after);
            return group.listeners().spread(now);
        }).thenCompose(spread -> {
            inForce.complete(null);
            return CompletableFuture.allOf(Arrays.stream(gone).map(loop -> retire(loop, now, policy)).toArray(CompletableFuture[]::new));
        });
    }

    private CompletableFuture<Void> retire(EventLoop loop, EventLoop[] targets, ChangePolicy policy) {
        return Question.ask(loop, null, () -> loop.transports().departures().end(targets, policy)).thenCompose(ended -> ended)
                .thenCompose(empty -> group.stop(loop));
    }
}
