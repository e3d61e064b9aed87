package io.hioload.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigKey.Effect;
import io.hioload.control.ConfigKey.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigSchemaTest {

    private static final ConfigKey PORT = ConfigKey.number("port", Type.NUMBER, 9001, 0, 65_535, Effect.RESTART, "TCP port");
    private static final ConfigKey LOW = ConfigKey.number("low", Type.SIZE, 1024, 0, 1 << 30, Effect.LIVE, "Low mark");
    private static final ConfigKey HIGH = ConfigKey.number("high", Type.SIZE, 4096, 0, 1 << 30, Effect.LIVE, "High mark");
    private static final ConfigKey IDLE = ConfigKey.number("idle", Type.DURATION, 60_000, 0, 3_600_000, Effect.LIVE, "Idle time");
    private static final ConfigKey MODE = ConfigKey.text("mode", "fast", Effect.LIVE, "Mode", "fast", "small");
    private static final ConfigKey PIN = ConfigKey.flag("pin", false, Effect.RESTART, "Pin threads");

    private final ConfigSchema schema = new ConfigSchema("io.hioload.test", "Test", List.of(PORT, LOW, HIGH, IDLE, MODE, PIN),
            s -> s.number(LOW) <= s.number(HIGH) ? List.of() : List.of("low must not be above high"));

    @Test
    void shouldUseDefaultsWhenKeysAreAbsent() throws ConfigException {
        ConfigSnapshot snapshot = schema.validate(3, "a.cfg", Map.of());
        assertEquals(3, snapshot.number());
        assertEquals(9001, snapshot.number(PORT));
        assertEquals("fast", snapshot.text(MODE));
        assertEquals(Set.of(), snapshot.changedSince(schema.validate(4, "b.cfg", Map.of("port", "9001"))));
    }

    @Test
    void shouldUnderstandUnitsWhenSizesAndDurationsHaveThem() throws ConfigException {
        ConfigSnapshot snapshot = schema.validate(1, "a.cfg",
                Map.of("low", "2KiB", "high", "1 MiB", "idle", "5m", "port", 80, "pin", true));
        assertEquals(2048, snapshot.number(LOW));
        assertEquals(1 << 20, snapshot.number(HIGH));
        assertEquals(300_000, snapshot.number(IDLE));
        assertEquals(80, snapshot.number(PORT));
        assertTrue(snapshot.flag(PIN));
    }

    @Test
    void shouldNameEveryBadKeyWithValueAndWhatIsAllowedWhenRefusing() {
        ConfigException e = assertThrows(ConfigException.class, () -> schema.validate(1, "a.cfg",
                Map.of("port", "70000", "mode", "slow", "idle", "5x", "prot", "1", "pin", "yes", "service.pid", "x",
                        "felix.fileinstall.filename", "y")));
        assertEquals(5, e.problems().size());
        assertTrue(e.getMessage().startsWith("a.cfg: "), e.getMessage());
        assertTrue(e.getMessage().contains("port = 70000: allowed is a whole number from 0 to 65535"), e.getMessage());
        assertTrue(e.getMessage().contains("mode = slow: allowed is fast | small"), e.getMessage());
        assertTrue(e.getMessage().contains("prot = 1: unknown key; allowed are port, low"), e.getMessage());
        assertTrue(e.getMessage().contains("idle = 5x: allowed is a duration from 0ms to 1h"), e.getMessage());
        assertTrue(e.getMessage().contains("pin = yes: allowed is true | false"), e.getMessage());
    }

    @Test
    void shouldRefuseWhenARuleBetweenKeysIsBroken() {
        ConfigException e = assertThrows(ConfigException.class, () -> schema.validate(1, "a.cfg", Map.of("low", "8KiB")));
        assertEquals(List.of("low must not be above high"), e.problems());
    }

    @Test
    void shouldRefuseWhenANumberOverflows() {
        assertThrows(IllegalArgumentException.class, () -> LOW.parse("99999999999999999GiB"));
        assertThrows(IllegalArgumentException.class, () -> PORT.parse("99999999999999999999999"));
        assertThrows(IllegalArgumentException.class, () -> PORT.parse(""));
    }

    @Test
    void shouldWriteDefaultsSoThatTheyParseBack() {
        for (ConfigKey key : schema.keys()) {
            assertEquals(key.defaultValue(), key.parse(key.defaultText()));
        }
    }

    @Test
    void shouldTellWhatChanged() throws ConfigException {
        ConfigSnapshot one = schema.validate(1, "a.cfg", Map.of());
        ConfigSnapshot two = schema.validate(2, "a.cfg", Map.of("port", "1", "mode", "small"));
        assertEquals(Set.of("mode", "port"), two.changedSince(one));
    }
}
