package io.hioload.reactor.internal;

import io.hioload.reactor.ChangePolicy;
import java.util.concurrent.CompletableFuture;

/** One reactor's connections on their way to the reactors that stay. The reactor's thread. */
final class ReactorEnd extends Emptying {

    private final EventLoop[] targets;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private int next;

    ReactorEnd(EventLoop loop, ChangePolicy policy, EventLoop[] targets) {
        super(loop, policy);
        this.targets = targets;
    }

    /** Completes when no connection is left. */
    CompletableFuture<Void> done() {
        return done;
    }

    @Override
    boolean concerns(ReactorConnection connection) {
        return true;
    }

    @Override
    boolean move(ReactorConnection connection) {
        next = next + 1 == targets.length ? 0 : next + 1;
        return connection.isReady() && loop.transports().departures().send(connection, targets[next]);
    }

    @Override
    boolean migrates() {
        return policy.live() == ChangePolicy.Live.MIGRATE;
    }

    @Override
    boolean isMoving() {
        return !loop.transports().moves().isEmpty() || loop.transports().departures().isAnyWaiting();
    }

    @Override
    int left() {
        return (int) loop.count().connections.get() + loop.transports().departures().away().get();
    }

    @Override
    Phase behindMoving() {
        return policy.live() == ChangePolicy.Live.CLOSE ? Phase.CLOSING : Phase.FINISHING;
    }

    @Override
    void finishIfEmpty(long nowNs) {
        if (left() == 0) {
            over();
            done.complete(null);
        }
    }
}
