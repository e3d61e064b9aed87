package io.hioload.server.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigException;
import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ServerSchemaTest {

    private static final String BEGIN = "<!-- options: begin -->\n";
    private static final String END = "<!-- options: end -->";

    private static List<String> problems(Map<String, ?> values) {
        return assertThrows(ConfigException.class, () -> ServerSchema.schema().validate(1, "test.cfg", values)).problems();
    }

    @Test
    void shouldAcceptNothingButDefaultsWhenNothingIsGiven() throws Exception {
        ConfigSnapshot config = ServerSchema.schema().validate(1, "test", Map.of());
        assertEquals("127.0.0.1", config.text(ServerSchema.HOST));
        assertEquals(9001, config.number(ServerSchema.PORT));
        assertEquals("auto", config.text(ServerSchema.TRANSPORT));
    }

    @Test
    void shouldParseEveryDefaultAsItIsShown() {
        for (ConfigKey key : ServerSchema.schema().keys()) {
            assertEquals(key.defaultValue(), key.parse(key.defaultText()), key.name());
        }
    }

    @Test
    void shouldTakeUnitsWhenTheyAreGiven() throws Exception {
        ConfigSnapshot config = ServerSchema.schema().validate(1, "test", Map.of("message.max", "64KiB", "idle.timeout", "5m"));
        assertEquals(65_536, config.number(ServerSchema.MESSAGE_MAX));
        assertEquals(300_000, config.number(ServerSchema.IDLE_TIMEOUT));
    }

    @Test
    void shouldNameKeyAndValueAndWhatIsAllowedWhenAValueIsBad() {
        assertEquals(List.of("port = 70000: allowed is a whole number from 0 to 65535"), problems(Map.of("port", "70000")));
    }

    @Test
    void shouldListAllProblemsWhenThereAreSeveral() {
        List<String> problems = problems(Map.of("port", "x", "pin", "yes", "prot", "9"));
        assertEquals(3, problems.size(), problems::toString);
        assertTrue(problems.stream().anyMatch(problem -> problem.startsWith("prot = 9: unknown key; allowed are host, port,")),
                problems::toString);
    }

    @Test
    void shouldRefuseWhenKeysContradictEachOther() {
        assertEquals(List.of("unsent.low = 2097152: must not be greater than unsent.high = 1048576"),
                problems(Map.of("unsent.low", "2MiB")));
        assertEquals(List.of("unsent.high = 33554432: must not be greater than unsent.max = 16777216"),
                problems(Map.of("unsent.high", "32MiB")));
        assertEquals(1, problems(Map.of("ping.interval", "2m")).size());
        assertEquals(List.of("task.queue = 5000: must be a power of two"), problems(Map.of("task.queue", "5000")));
    }

    @Test
    void shouldPassOverKeysOfTheFramework() throws Exception {
        ServerSchema.schema().validate(1, "test",
                Map.of("service.pid", "io.hioload.server~a", "felix.fileinstall.filename", "file:/etc/a.cfg", "service.factoryPid", "x"));
    }

    /** To renew it, paste what this test expects between the markers. */
    @Test
    void shouldBeTheTableOfTheReadme() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        String table = readme.substring(readme.indexOf(BEGIN) + BEGIN.length(), readme.indexOf(END));
        assertEquals(ServerSchema.schema().markdown(), table);
    }

    /** The distribution's file shows defaults, those of the keys that are commented out as well. */
    @Test
    void shouldAcceptTheFileOfTheDistribution() throws Exception {
        Map<String, String> shown = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../../distro/src/main/dist/etc/io.hioload.server~default.cfg"))) {
            String setting = line.startsWith("#") && line.matches("#[a-z.]+=.*") ? line.substring(1) : line;
            if (!setting.startsWith("#") && !setting.isBlank()) {
                shown.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
            }
        }
        ConfigSnapshot config = ServerSchema.schema().validate(1, "default", shown);
        assertEquals(ServerSchema.schema().validate(1, "default", Map.of()).values(), config.values());
    }

    @Test
    void shouldSayWhatIsAllowedWhenAPlacementIsNone() throws Exception {
        for (String wrong : List.of("near:", "near", "far", "near:a/b")) {
            assertEquals(List.of("placement = " + wrong + ": allowed is spread, compact or near:<network interface>"),
                    problems(Map.of("placement", wrong)));
        }
        for (String right : List.of("spread", "compact", "near:eth0")) {
            assertEquals(right, ServerSettings.reactors("x", ServerSchema.schema().validate(1, "test", Map.of("placement", right)))
                    .placement().toString());
        }
    }
}
