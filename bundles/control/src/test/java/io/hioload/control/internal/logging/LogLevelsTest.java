package io.hioload.control.internal.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogLevelsTest {

    private final LoggingConfiguration logging = new LoggingConfiguration();

    private void update(Object... keysAndValues) throws Exception {
        Hashtable<String, Object> properties = new Hashtable<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        logging.updated(properties);
    }

    private static boolean isLoggable(String name, System.Logger.Level level) {
        return System.getLogger(name).isLoggable(level);
    }

    @AfterEach
    void restore() {
        logging.deactivate();
    }

    @Test
    void shouldSetLevelsByTheBeginningOfNames() throws Exception {
        assertFalse(isLoggable("io.hioload.test.a", System.Logger.Level.DEBUG));
        update("io.hioload", "DEBUG", "io.hioload.test.b", "ERROR", "service.pid", LoggingSchema.PID);
        assertTrue(isLoggable("io.hioload.test.a", System.Logger.Level.DEBUG));
        assertFalse(isLoggable("io.hioload.test.b", System.Logger.Level.WARNING));
        assertTrue(Arrays.stream(Logger.getLogger("").getHandlers()).map(Handler::getLevel).allMatch(level -> level.intValue() <= 500));
    }

    @Test
    void shouldRestoreWhatWasBeforeWhenAKeyOrAllOfThemGo() throws Exception {
        List<Level> handlers = Arrays.stream(Logger.getLogger("").getHandlers()).map(Handler::getLevel).toList();
        update("io.hioload.test.c", "TRACE", "root", "DEBUG");
        update("root", "DEBUG");
        assertNull(Logger.getLogger("io.hioload.test.c").getLevel());
        assertEquals(Level.FINE, Logger.getLogger("").getLevel());
        logging.updated(null);
        assertEquals(Level.INFO, Logger.getLogger("").getLevel());
        assertEquals(handlers, Arrays.stream(Logger.getLogger("").getHandlers()).map(Handler::getLevel).toList());
    }

    @Test
    void shouldChangeNothingWhenOneLevelIsWrong() throws Exception {
        update("io.hioload.test.d", "DEBUG");
        update("io.hioload.test.d", "ERROR", "io.hioload.test.e", "LOUD");
        assertTrue(isLoggable("io.hioload.test.d", System.Logger.Level.DEBUG));
        ConfigException refused = assertThrows(ConfigException.class, () -> LoggingSchema.read("x", Map.of("a.b", "LOUD")));
        assertTrue(refused.getMessage().contains("a.b = LOUD: allowed is ALL | TRACE"), refused.getMessage());
    }

    @Test
    void shouldSetOneLevelFromTheShellAndKeepTheOthers() throws Exception {
        update("io.hioload.test.f", "DEBUG");
        assertEquals("io.hioload.test.f = DEBUG\nio.hioload.test.g = TRACE", logging.loglevel("io.hioload.test.g", "TRACE"));
        assertThrows(ConfigException.class, () -> logging.loglevel("io.hioload.test.g", "LOUD"));
    }
}
