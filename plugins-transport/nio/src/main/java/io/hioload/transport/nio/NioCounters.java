package io.hioload.transport.nio;

import io.hioload.control.Counter;
import io.hioload.control.Counters;

/** The counters of one loop. */
final class NioCounters {

    final Counter accepted;
    final Counter acceptRefusals;
    final Counter acceptBackoffs;
    final Counter receiveCalls;
    final Counter receiveBytes;
    final Counter receiveStarvations;
    final Counter sendCalls;
    final Counter sendBytes;
    final Counter sendsQueued;
    final Counter errors;

    NioCounters(Counters counters) {
        accepted = counters.counter("nio.accept.connections");
        acceptRefusals = counters.counter("nio.accept.refusals");
        acceptBackoffs = counters.counter("nio.accept.backoffs");
        receiveCalls = counters.counter("nio.receive.calls");
        receiveBytes = counters.counter("nio.receive.bytes");
        receiveStarvations = counters.counter("nio.receive.starvations");
        sendCalls = counters.counter("nio.send.calls");
        sendBytes = counters.counter("nio.send.bytes");
        sendsQueued = counters.counter("nio.send.queued");
        errors = counters.counter("nio.os.errors");
    }
}
