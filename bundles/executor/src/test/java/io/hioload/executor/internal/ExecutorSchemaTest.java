package io.hioload.executor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.concurrent.ExecutorProvider;
import io.hioload.concurrent.TimerSettings;
import io.hioload.concurrent.WorkerSettings;
import io.hioload.control.ConfigException;
import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigMetatype;
import io.hioload.control.ConfigSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.osgi.service.metatype.ObjectClassDefinition;

class ExecutorSchemaTest {

    private static final String BEGIN = "<!-- options -->\n";
    private static final String END = "<!-- /options -->";

    @Test
    void shouldHaveTheDefaultsOfTheContracts() throws Exception {
        ConfigSnapshot config = ExecutorSchema.schema().validate(1, "test", Map.of());
        assertEquals(WorkerSettings.DEFAULT, ExecutorSchema.workers(config));
        assertEquals(TimerSettings.DEFAULT.maxTimers(), ExecutorSchema.maxTimers(config));
    }

    @Test
    void shouldReadEachKey() throws Exception {
        ConfigSnapshot config = ExecutorSchema.schema().validate(1, "test",
                Map.of("workers", "3", "workers.queue", "17", "workers.pin", "true", "timers.max", "99"));
        assertEquals(new WorkerSettings("worker", 3, 17, true), ExecutorSchema.workers(config));
        assertEquals(99, ExecutorSchema.maxTimers(config));
    }

    @Test
    void shouldNameWhatIsWrong() {
        ConfigException wrong = assertThrows(ConfigException.class,
                () -> ExecutorSchema.schema().validate(1, "test", Map.of("workers", "1025", "wrokers", "1")));
        assertEquals(2, wrong.problems().size());
    }

    /** To renew the table, paste what this test expects between the markers. */
    @Test
    void shouldBeTheTableOfTheReadme() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        String table = readme.substring(readme.indexOf(BEGIN) + BEGIN.length(), readme.indexOf(END));
        assertEquals(ExecutorSchema.schema().markdown(), table);
    }

    /** The distribution's file shows each key, commented out, with its default. */
    @Test
    void shouldBeTheFileOfTheDistribution() throws Exception {
        Map<String, String> shown = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../../distro/src/main/dist/etc/" + ExecutorSchema.PID + ".cfg"))) {
            assertTrue(line.isEmpty() || line.startsWith("#"), line);
            if (line.matches("#[a-z.]+=.*")) {
                shown.put(line.substring(1, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
            }
        }
        assertEquals(ExecutorSchema.schema().keys().stream().map(ConfigKey::name).collect(Collectors.toSet()), shown.keySet());
        assertEquals(ExecutorSchema.schema().validate(1, "test", Map.of()).values(),
                ExecutorSchema.schema().validate(1, "test", shown).values());
    }

    @Test
    void shouldDescribeEachKeyAsMetatype() {
        ConfigMetatype metatype = new ConfigMetatype(ExecutorSchema.schema());
        assertEquals(ExecutorSchema.PID, metatype.getID());
        assertEquals(ExecutorSchema.schema().keys().size(), metatype.getAttributeDefinitions(ObjectClassDefinition.ALL).length);
    }

    @Test
    void shouldBeFoundOutsideOsgi() {
        assertEquals(ExecutorFactory.class, ServiceLoader.load(ExecutorProvider.class).findFirst().orElseThrow().getClass());
    }
}
