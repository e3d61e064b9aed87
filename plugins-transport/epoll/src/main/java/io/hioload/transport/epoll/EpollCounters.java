package io.hioload.transport.epoll;

import io.hioload.control.Counter;
import io.hioload.control.Counters;

/** The counters of one loop. */
final class EpollCounters {

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
    /** 1 if the kernel took the busy-poll setting. */
    final Counter busyPoll;

    EpollCounters(Counters counters) {
        accepted = counters.counter("epoll.accept.connections");
        acceptRefusals = counters.counter("epoll.accept.refusals");
        acceptBackoffs = counters.counter("epoll.accept.backoffs");
        receiveCalls = counters.counter("epoll.receive.calls");
        receiveBytes = counters.counter("epoll.receive.bytes");
        receiveStarvations = counters.counter("epoll.receive.starvations");
        sendCalls = counters.counter("epoll.send.calls");
        sendBytes = counters.counter("epoll.send.bytes");
        sendsQueued = counters.counter("epoll.send.queued");
        errors = counters.counter("epoll.os.errors");
        busyPoll = counters.counter("epoll.busy_poll");
    }
}
