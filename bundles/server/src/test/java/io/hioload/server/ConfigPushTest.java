package io.hioload.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigException;
import io.hioload.control.ConfigSnapshot;
import io.hioload.control.Control;
import io.hioload.reactor.Reactor;
import io.hioload.websocket.WebSocketHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many configurations, some of them wrong, while clients echo: no batch may see two of them, and a wrong one changes nothing. */
class ConfigPushTest {

    private static final int PUSHES = 1_000;
    private static final int CLIENTS = 4;

    private final AtomicReference<String> breach = new AtomicReference<>();
    /** The batch that each reactor is in, and the snapshot that it saw in it first. */
    private final Map<Reactor, long[]> batches = new ConcurrentHashMap<>();
    private final Map<Thread, Reactor> reactors = new ConcurrentHashMap<>();
    private final AtomicLong checks = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong longestEchoNs = new AtomicLong();
    private volatile Control control;
    private HioloadServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    /** Values of one configuration that all carry its mark, so that a mixture of two is seen. */
    private static Map<String, Object> marked(String transport, long mark) {
        Map<String, Object> values = new HashMap<>();
        values.put("port", 0);
        values.put("reactors", 2);
        values.put("transport", transport);
        values.put("message.max", (1 << 20) + mark);
        values.put("frame.max", (1 << 20) + mark);
        values.put("unsent.max", (8 << 20) + mark);
        values.put("unsent.high", (4 << 20) + mark);
        values.put("unsent.low", (1 << 20) + mark);
        values.put("idle.timeout", 200_000 + mark);
        values.put("close.timeout", 20_000 + mark);
        values.put("events.per.turn", 512 + mark);
        return values;
    }

    private void check() {
        ConfigSnapshot config = control.config();
        long mark = (long) config.values().get("message.max") - (1 << 20);
        for (Map.Entry<String, Long> base : Map.of("frame.max", 1L << 20, "unsent.max", 8L << 20, "unsent.high", 4L << 20, "unsent.low",
                1L << 20, "idle.timeout", 200_000L, "close.timeout", 20_000L, "events.per.turn", 512L).entrySet()) {
            if ((long) config.values().get(base.getKey()) - base.getValue() != mark) {
                breach.set(base.getKey() + " in " + config);
            }
        }
        Reactor reactor = reactors.computeIfAbsent(Thread.currentThread(), thread -> reactor());
        long[] batch = batches.computeIfAbsent(reactor, key -> new long[2]);
        if (batch[0] == reactor.nowNs() && batch[1] != config.number()) {
            breach.set("two snapshots in one batch: " + batch[1] + " and " + config.number());
        }
        if (config.number() < batch[1]) {
            breach.set("back from " + batch[1] + " to " + config.number());
        }
        batch[0] = reactor.nowNs();
        batch[1] = config.number();
        checks.incrementAndGet();
    }

    /** The reactor whose thread this is: it shows itself by a probe. */
    private Reactor reactor() {
        return control.probes().stream().filter(probe -> probe instanceof Reactor reactor && reactor.inEventLoop()).map(Reactor.class::cast)
                .findFirst().orElseThrow();
    }

    private void echo() {
        try (RawPeer peer = new RawPeer(server.localAddress())) {
            assertEquals(101, peer.send(RawPeer.upgrade("/check")).status());
            for (long i = 0; !over.get(); i++) {
                long beganNs = System.nanoTime();
                assertEquals("message " + i, peer.send(RawPeer.text("message " + i)).read().text());
                longestEchoNs.accumulateAndGet(System.nanoTime() - beganNs, Math::max);
            }
        } catch (Exception | AssertionError e) {
            breach.compareAndSet(null, "a client failed: " + e);
        }
    }

    @ParameterizedTest
    @MethodSource("io.hioload.server.TestTransports#names")
    void shouldShowEveryBatchOneSnapshotWhenManyArePushed(String transport) throws Exception {
        WebSocketHandler handler = (session, type, buffer, offset, length) -> {
            check();
            session.send(type, buffer, offset, length);
        };
        ServerBuilder builder = Hioload.server().handle("/check", handler);
        marked(transport, 0).forEach(builder::set);
        server = builder.start();
        control = server.control();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofPlatform().start(this::echo));
        }
        long beganNs = System.nanoTime();
        int accepted = push(transport);
        long tookNs = System.nanoTime() - beganNs;
        over.set(true);
        for (Thread client : clients) {
            client.join(TimeUnit.SECONDS.toMillis(30));
        }
        assertNull(breach.get());
        assertEquals(PUSHES - PUSHES / 3, accepted);
        assertTrue(checks.get() > 1_000, () -> "only " + checks + " messages");
        System.out.println("configuration pushes over " + transport + ": " + PUSHES * 1_000_000_000L / tookNs + " a second beside "
                + checks + " echoes, the longest echo " + longestEchoNs.get() / 1000 + " us");
    }

    /** Each third one is wrong in one key of many. */
    private int push(String transport) throws Exception {
        int accepted = 0;
        for (int i = 1; i <= PUSHES; i++) {
            Map<String, Object> values = marked(transport, i);
            ConfigSnapshot before = control.config();
            if (i % 3 == 0) {
                values.put(i % 2 == 0 ? "unsent.low" : "events.per.turn", -1);
                assertThrows(ConfigException.class, () -> control.apply(values, "push"));
                assertEquals(before, control.config());
                assertTrue(control.acknowledged().stream().allMatch(number -> number == before.number()));
            } else {
                ConfigSnapshot now = control.apply(values, "push");
                assertEquals(before.number() + 1, now.number());
                assertEquals(List.of(now.number(), now.number()), control.acknowledged());
                accepted++;
            }
        }
        control.whenAcknowledged(control.config().number()).toCompletableFuture().get(10, TimeUnit.SECONDS);
        return accepted;
    }
}
