package io.hioload.server.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.affinity.Placement;
import io.hioload.buffer.PoolSettings;
import io.hioload.control.ConfigException;
import io.hioload.control.ConfigSnapshot;
import io.hioload.protocol.http1.HttpLimits;
import io.hioload.reactor.ChangePolicy;
import io.hioload.reactor.ReactorSettings;
import io.hioload.reactor.RebalancePolicy;
import io.hioload.session.SessionSettings;
import io.hioload.transport.ListenOptions;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each key reaches the part that it is for; what the part does with it is tested there. */
class ServerSettingsTest {

    private static ConfigSnapshot config(Map<String, ?> values) throws ConfigException {
        return ServerSchema.schema().validate(1, "test", values);
    }

    @Test
    void shouldTellReactorsTheirKeys() throws Exception {
        ReactorSettings settings = ServerSettings.reactors("name", config(Map.of("reactors", "3", "connections.max", "77", "pin", "true",
                "placement", "compact", "events.per.turn", "11", "task.queue", "2048", "unsent.high", "3KiB", "unsent.low", "2KiB",
                "linger.timeout", "4s", "receive.buffer", "8KiB")));
        assertEquals("name", settings.name());
        assertEquals(3, settings.reactors());
        assertEquals(77, settings.maxConnections());
        assertTrue(settings.pinned());
        assertEquals(Placement.parse("compact"), settings.placement());
        assertEquals(11, settings.eventsPerTurn());
        assertEquals(2048, settings.taskQueueSlots());
        assertEquals(3 << 10, settings.highWaterBytes());
        assertEquals(2 << 10, settings.lowWaterBytes());
        assertEquals(4_000_000_000L, settings.lingerNs());
        assertEquals(8 << 10, settings.transport().receiveBytes());
    }

    @Test
    void shouldTellWhenToRebalance() throws Exception {
        Map<String, String> keys = Map.of("rebalance.period", "2s", "rebalance.busy.percent", "60", "rebalance.difference.percent", "30",
                "rebalance.rest.periods", "7");
        assertEquals(new RebalancePolicy(2_000_000_000L, 60, 30, 7), ServerSettings.reactors("name", config(keys)).rebalance());
    }

    @Test
    void shouldTellWhatBecomesOfConnectionsWhenTheTransportChanges() throws Exception {
        Map<String, String> keys = Map.of("transport.change", "close", "transport.finish.timeout", "1s", "transport.close.jitter", "2s",
                "transport.close.timeout", "3s");
        assertEquals(new ChangePolicy(ChangePolicy.Live.CLOSE, 1_000_000_000L, 2_000_000_000L, 3_000_000_000L),
                ServerSettings.change(config(keys)));
    }

    @Test
    void shouldTellTheSystemHowToListen() throws Exception {
        Map<String, String> keys = Map.of("backlog", "17", "tcp.nodelay", "false", "socket.send.buffer", "32KiB", "socket.receive.buffer",
                "64KiB");
        assertEquals(new ListenOptions(17, false, false, 32 << 10, 64 << 10), ServerSettings.listener(config(keys)));
    }

    @Test
    void shouldTellThePoolItsKeys() throws Exception {
        Map<String, String> keys = Map.of("memory.ceiling", "64MiB", "memory.hugepages", "true", "memory.trim.after", "9s");
        assertEquals(new PoolSettings(64L << 20, PoolSettings.DEFAULT_SLAB_BYTES, true, 9_000_000_000L),
                ServerSettings.memory(config(keys)));
    }

    @Test
    void shouldTellHttpItsLimits() throws Exception {
        Map<String, String> keys = Map.of("http.head.max", "4KiB", "http.headers.max", "20", "http.target.max", "1KiB");
        assertEquals(new HttpLimits(4 << 10, 20, 1 << 10), ServerSettings.http(config(keys)));
    }

    @Test
    void shouldTellSessionsTheirKeys() throws Exception {
        SessionSettings settings = ServerSettings.sessions(config(Map.of("idle.timeout", "9s", "ping.interval", "3s", "message.timeout",
                "7s", "close.timeout", "2s", "unsent.max", "2MiB", "session.headers", "true")));
        assertEquals(9_000_000_000L, settings.idleTimeoutNs());
        assertEquals(3_000_000_000L, settings.pingIntervalNs());
        assertEquals(7_000_000_000L, settings.messageTimeoutNs());
        assertEquals(2_000_000_000L, settings.closeTimeoutNs());
        assertEquals(2 << 20, settings.maxUnsentBytes());
        assertTrue(settings.keepHeaders());
    }
}
