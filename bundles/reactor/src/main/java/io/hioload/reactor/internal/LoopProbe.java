package io.hioload.reactor.internal;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one reactor tells of itself. Any thread; as exact as a reading of moving things can be.
 *
 * @param loop       the reactor
 * @param threadName of its thread
 */
record LoopProbe(EventLoop loop, String threadName) {

    Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("thread", threadName);
        state.put("transport", loop.transports().name());
        if (loop.transports().isActive()) {
            state.put("olderTransports", loop.transports().progress());
        }
        state.put("stopping", loop.tasks().isStopping());
        state.put("connections", loop.count().connections.get());
        state.put("unsentBytes", loop.connections().unsentBytes());
        state.put("timers", loop.timers().size());
        state.put("counters", loop.counters().read());
        return state;
    }
}
