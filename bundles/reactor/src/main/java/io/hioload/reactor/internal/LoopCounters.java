package io.hioload.reactor.internal;

import io.hioload.control.Counter;
import io.hioload.control.Counters;

/** What one reactor counts. Written by its thread only. */
final class LoopCounters {

    final Counter turns;
    final Counter tasks;
    final Counter tasksRejected;
    final Counter connections;
    final Counter accepted;
    final Counter connected;
    final Counter refused;
    final Counter closed;
    final Counter handedOut;
    final Counter receiveBytes;
    final Counter sendBytes;
    final Counter sendFailures;
    final Counter handlerFailures;
    final Counter taskFailures;
    final Counter loopFailures;
    final Counter timeouts;
    final Counter staleEvents;
    final Counter transportChanges;
    final Counter migrated;
    final Counter lost;
    final Counter movedIn;
    final Counter movedOut;
    final Counter busyNs;
    final Counter rebalances;

    LoopCounters(Counters counters) {
        turns = counters.counter("turns");
        tasks = counters.counter("tasks.run");
        tasksRejected = counters.counter("tasks.rejected");
        connections = counters.counter("connections");
        accepted = counters.counter("connections.accepted");
        connected = counters.counter("connections.connected");
        refused = counters.counter("connections.refused");
        closed = counters.counter("connections.closed");
        handedOut = counters.counter("connections.handed.out");
        receiveBytes = counters.counter("receive.bytes");
        sendBytes = counters.counter("send.bytes");
        sendFailures = counters.counter("send.failures");
        handlerFailures = counters.counter("handler.failures");
        taskFailures = counters.counter("task.failures");
        loopFailures = counters.counter("loop.failures");
        timeouts = counters.counter("timeouts");
        staleEvents = counters.counter("events.stale");
        transportChanges = counters.counter("transport.changes");
        migrated = counters.counter("connections.migrated");
        lost = counters.counter("connections.lost");
        movedIn = counters.counter("connections.moved.in");
        movedOut = counters.counter("connections.moved.out");
        busyNs = counters.counter("busy.ns");
        rebalances = counters.counter("rebalances");
    }
}
