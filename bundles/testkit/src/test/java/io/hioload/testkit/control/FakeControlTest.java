package io.hioload.testkit.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigException;
import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSchema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FakeControlTest {

    private static final ConfigKey SIZE = ConfigKey.number("size", ConfigKey.Type.NUMBER, 3, 0, 9, ConfigKey.Effect.LIVE, "A size.");
    private static final ConfigKey NAME = ConfigKey.text("name", "a", ConfigKey.Effect.LIVE, "A name.");

    private final FakeControl control = new FakeControl(new ConfigSchema("test", "test", List.of(SIZE, NAME), config -> List.of()));

    @Test
    void shouldNumberCheckAndRememberChanges() throws Exception {
        assertEquals(1, control.config().number());
        assertEquals(2, control.apply(Map.of("size", 5), "test").number());
        assertThrows(ConfigException.class, () -> control.apply(Map.of("size", 10), "test"));
        assertEquals(5, control.config().number(SIZE));
        assertEquals(List.of(true, true, false), control.history().stream().map(change -> change.accepted()).toList());
    }

    @Test
    void shouldChangeSomeKeysAndRollBack() throws Exception {
        control.apply(Map.of("size", 5, "name", "b"), "test");
        control.change(Map.of("size", 6), "test");
        assertEquals("b", control.config().text(NAME));
        Map<String, Object> toDefault = new HashMap<>();
        toDefault.put("name", null);
        control.change(toDefault, "test");
        assertEquals("a", control.config().text(NAME));
        assertEquals(6, control.config().number(SIZE));
        assertEquals(5, control.rollback(2, "test").number(SIZE));
        assertEquals(5, control.config().number());
        assertThrows(ConfigException.class, () -> control.rollback(99, "test"));
    }

    @Test
    void shouldRefuseWhenTheTestWants() throws Exception {
        control.refuse("no transport");
        assertEquals(List.of("no transport"),
                assertThrows(ConfigException.class, () -> control.apply(Map.of("size", 4), "test")).problems());
        control.refuse("");
        control.apply(Map.of("size", 4), "test");
    }

    @Test
    void shouldAcknowledgeWhenTheTestWants() throws Exception {
        assertTrue(control.whenAcknowledged(1).toCompletableFuture().isDone());
        control.acknowledgeByHand();
        long number = control.apply(Map.of("size", 4), "test").number();
        CompletableFuture<Void> acknowledged = control.whenAcknowledged(number).toCompletableFuture();
        assertFalse(acknowledged.isDone());
        control.acknowledge(number);
        assertTrue(acknowledged.isDone());
        assertEquals(List.of(number), control.acknowledged());
    }
}
