package io.hioload.control.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigMetatype;
import io.hioload.control.internal.logging.LoggingConfiguration;
import io.hioload.control.internal.metrics.MetricsEndpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.service.metatype.MetaTypeProvider;

/** The tables of the README are those of the schemas. To renew one, paste what this test expects between its markers. */
class OptionTablesTest {

    static Stream<ConfigMetatype> schemas() {
        return Stream.of(described(new LoggingConfiguration(), "io.hioload.logging"),
                described(new MetricsEndpoint(null), "io.hioload.metrics"));
    }

    private static ConfigMetatype described(MetaTypeProvider provider, String pid) {
        return (ConfigMetatype) provider.getObjectClassDefinition(pid, null);
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void shouldBeTheTableOfTheReadme(ConfigMetatype described) throws Exception {
        String begin = "<!-- options " + described.getID() + ": begin -->\n";
        String end = "<!-- options " + described.getID() + ": end -->";
        String readme = Files.readString(Path.of("README.md"));
        assertEquals(described.schema().markdown(), readme.substring(readme.indexOf(begin) + begin.length(), readme.indexOf(end)));
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void shouldParseEveryDefaultAsItIsShown(ConfigMetatype described) {
        for (ConfigKey key : described.schema().keys()) {
            assertEquals(key.defaultValue(), key.parse(key.defaultText()), key.name());
        }
    }
}
