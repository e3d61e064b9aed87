package io.hioload.transport.iouring;

import io.hioload.control.Counter;
import io.hioload.control.Counters;

/** The counters of one loop. */
final class UringCounters {

    final Counter enters;
    final Counter enterRetries;
    final Counter overflows;
    final Counter accepted;
    final Counter acceptRefusals;
    final Counter acceptBackoffs;
    final Counter receiveCompletions;
    final Counter receiveBytes;
    final Counter receiveArms;
    final Counter receiveStarvations;
    final Counter buffersReplaced;
    final Counter sendOperations;
    final Counter sendBytes;
    final Counter sendsShort;
    final Counter zeroCopySends;
    final Counter zeroCopyCopied;
    final Counter zeroCopyRefusals;
    final Counter errors;
    /** 1 if the kernel took the busy-poll setting. */
    final Counter busyPoll;

    UringCounters(Counters counters) {
        enters = counters.counter("io_uring.enter.calls");
        enterRetries = counters.counter("io_uring.enter.retries");
        overflows = counters.counter("io_uring.completion.overflows");
        accepted = counters.counter("io_uring.accept.connections");
        acceptRefusals = counters.counter("io_uring.accept.refusals");
        acceptBackoffs = counters.counter("io_uring.accept.backoffs");
        receiveCompletions = counters.counter("io_uring.receive.completions");
        receiveBytes = counters.counter("io_uring.receive.bytes");
        receiveArms = counters.counter("io_uring.receive.arms");
        receiveStarvations = counters.counter("io_uring.receive.starvations");
        buffersReplaced = counters.counter("io_uring.buffer.replacements");
        sendOperations = counters.counter("io_uring.send.operations");
        sendBytes = counters.counter("io_uring.send.bytes");
        sendsShort = counters.counter("io_uring.send.short");
        zeroCopySends = counters.counter("io_uring.send.zc.operations");
        zeroCopyCopied = counters.counter("io_uring.send.zc.copied");
        zeroCopyRefusals = counters.counter("io_uring.send.zc.refusals");
        errors = counters.counter("io_uring.os.errors");
        busyPoll = counters.counter("io_uring.busy_poll");
    }
}
