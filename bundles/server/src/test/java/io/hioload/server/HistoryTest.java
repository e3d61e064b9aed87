package io.hioload.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigChange;
import io.hioload.control.ConfigException;
import io.hioload.control.ConfigSnapshot;
import io.hioload.control.Control;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private final HioloadServer server = Hioload.server().port(0).reactors(1).set("transport", "nio").start();
    private final Control control = server.control();

    @AfterEach
    void stop() {
        server.close();
    }

    private static Map<String, Object> with(Object... keysAndValues) {
        Map<String, Object> values = new HashMap<>(Map.of("port", 0, "reactors", 1, "transport", "nio"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return values;
    }

    @Test
    void shouldTellEveryChangeAcceptedOrWhyNot() throws Exception {
        control.apply(with("message.max", "1MiB", "idle.timeout", "3m"), "a.cfg");
        assertThrows(ConfigException.class, () -> control.apply(with("message.max", "none", "prot", 1, "idle.timeout", "3m"), "b.cfg"));
        List<ConfigChange> history = control.history();
        assertEquals(3, history.size());
        assertEquals(Set.of("port", "reactors", "transport"), history.get(0).keys());
        ConfigChange accepted = history.get(1);
        assertEquals(2, accepted.number());
        assertEquals("a.cfg", accepted.source());
        assertEquals(Set.of("message.max", "idle.timeout"), accepted.keys());
        assertTrue(accepted.accepted());
        ConfigChange refused = history.get(2);
        assertEquals(2, refused.number());
        assertFalse(refused.accepted());
        assertEquals(Set.of("message.max", "prot"), refused.keys());
        assertEquals(2, refused.problems().size(), refused::toString);
    }

    @Test
    void shouldChangeSomeKeysAndKeepTheOthers() throws Exception {
        control.apply(with("message.max", "1MiB"), "a.cfg");
        ConfigSnapshot now = control.change(Map.of("idle.timeout", "3m"), "shell");
        assertEquals(1L << 20, now.values().get("message.max"));
        Map<String, Object> back = new HashMap<>();
        back.put("message.max", null);
        assertEquals(16L << 20, control.change(back, "shell").values().get("message.max"));
        assertEquals(180_000L, control.config().values().get("idle.timeout"));
    }

    @Test
    void shouldReplaceWhatAnotherSourceSetWhenAWholeConfigurationComes() throws Exception {
        control.change(Map.of("idle.timeout", "3m"), "shell");
        control.apply(with("message.max", "1MiB"), "etc/a.cfg");
        assertEquals(120_000L, control.config().values().get("idle.timeout"));
        assertEquals(Set.of("idle.timeout", "message.max"), control.history().getLast().keys());
    }

    @Test
    void shouldGoBackUnderANewNumber() throws Exception {
        control.apply(with("message.max", "1MiB"), "a.cfg");
        control.apply(with("message.max", "2MiB"), "a.cfg");
        ConfigSnapshot back = control.rollback(2, "shell");
        assertEquals(4, back.number());
        assertEquals("shell, back to 2", back.source());
        assertEquals(1L << 20, control.config().values().get("message.max"));
        assertEquals(List.of(4L), control.acknowledged());
        ConfigException none = assertThrows(ConfigException.class, () -> control.rollback(9, "shell"));
        assertTrue(none.getMessage().contains("there is no configuration 9 to go back to; there are [1, 2, 3, 4]"), none.getMessage());
        assertEquals(4, control.config().number());
    }

    @Test
    void shouldForgetTheOldestWhenThereAreMany() throws Exception {
        for (int i = 0; i < 100; i++) {
            control.change(Map.of("message.max", 1000 + i), "many");
        }
        assertEquals(64, control.history().size());
        assertEquals(101, control.history().getLast().number());
        assertThrows(ConfigException.class, () -> control.rollback(37, "shell"));
        control.rollback(40, "shell");
    }

    @Test
    void shouldTellWhenAllReactorsHaveASnapshotThatIsYetToCome() throws Exception {
        CompletableFuture<Void> third = control.whenAcknowledged(3).toCompletableFuture();
        CompletableFuture<Void> never = control.whenAcknowledged(99).toCompletableFuture();
        control.change(Map.of("idle.timeout", "3m"), "shell");
        assertFalse(third.isDone());
        control.change(Map.of("idle.timeout", "4m"), "shell");
        third.get(10, TimeUnit.SECONDS);
        server.close();
        assertThrows(ExecutionException.class, () -> never.get(10, TimeUnit.SECONDS));
        ConfigException stopped = assertThrows(ConfigException.class, () -> control.change(Map.of(), "shell"));
        assertTrue(stopped.getMessage().contains("the server is stopped"), stopped.getMessage());
    }

    @Test
    void shouldKeepKeysOfATransportThatIsNotThereButNoOthers() throws Exception {
        assertEquals("7", control.change(Map.of("transport.pigeon.wings", 7), "shell").values().get("transport.pigeon.wings"));
        assertThrows(ConfigException.class, () -> control.change(Map.of("transport.finish.timeot", "1s"), "shell"));
        assertThrows(ConfigException.class, () -> control.change(Map.of("pigeon.wings", 7), "shell"));
    }
}
