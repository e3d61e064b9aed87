package io.hioload.control.internal.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigException;
import io.hioload.control.internal.logging.LoggingConfiguration;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.service.command.Descriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {

    private final FakeServer server = new FakeServer();
    private final ServerCommands commands = new ServerCommands();

    @BeforeEach
    void start() throws Exception {
        server.apply(Map.of(), "start");
        commands.addServer(server, Map.of(Servers.NAME, "one"));
    }

    @Test
    void shouldShowServersWithTransportAndConfiguration() {
        List<String> lines = commands.servers().lines().toList();
        assertEquals(2, lines.size());
        assertTrue(lines.get(1).matches("one +serves +127.0.0.1:1 +fake +- +- +- +1 of start +\\[1\\]"), lines.get(1));
    }

    @Test
    void shouldChangeSomeKeysAndKeepTheOthers() throws Exception {
        commands.set("one", "size=64KiB", "mode = small");
        assertEquals("configuration 3 is in force", commands.unset("one", "mode"));
        assertEquals(Map.of("size", 65_536L, "mode", "fast"), server.config().values());
        assertTrue(commands.config().contains("size  64KiB  1MiB     live"), commands.config());
    }

    @Test
    void shouldRefuseWhatIsNoSettingAndWhatIsNoServer() {
        assertThrows(IllegalArgumentException.class, () -> commands.set("one", "size"));
        assertThrows(IllegalArgumentException.class, () -> commands.set("one"));
        assertThrows(ConfigException.class, () -> commands.set("one", "size=big"));
        String message = assertThrows(IllegalArgumentException.class, () -> commands.config("two")).getMessage();
        assertEquals("no server is named two; there are [one]", message);
        commands.addServer(server, Map.of(Servers.NAME, "two"));
        assertThrows(IllegalArgumentException.class, commands::config);
        commands.removeServer(server, Map.of(Servers.NAME, "two"));
        assertFalse(commands.config().isEmpty());
    }

    @Test
    void shouldShowHistoryAndGoBack() throws Exception {
        commands.set("one", "size=2MiB");
        assertThrows(ConfigException.class, () -> commands.set("one", "mode=slow"));
        commands.rollback("one", 1);
        String history = commands.history();
        List<String> lines = history.lines().toList();
        assertEquals(5, lines.size());
        assertTrue(lines.get(2).matches("2 +1970-01-01T00:00:00Z +shell +size +accepted"), history);
        assertTrue(lines.get(3).matches("- .* mode +refused: mode = slow: allowed is fast \\| small"), history);
        assertTrue(lines.get(4).matches("3 .* shell, back to 1 +size +accepted"), history);
    }

    @Test
    void shouldApplyAFileAsAWhole(@TempDir Path folder) throws Exception {
        commands.set("one", "mode=small");
        Path file = Files.writeString(folder.resolve("a.cfg"), "size=3MiB\n");
        commands.apply("one", file.toString());
        assertEquals(Map.of("size", 3L << 20, "mode", "fast"), server.config().values());
    }

    @Test
    void shouldSumUpCountersAndShowProbes() {
        StateCommands state = new StateCommands();
        state.addServer(server, Map.of(Servers.NAME, "one"));
        assertEquals(List.of("server  counter  value", "one     a.bytes  3"), state.counters("a").lines().toList());
        assertTrue(state.probes("one", "reactor-1").endsWith("  reactor-1\n    counters\n      a.bytes = 2"),
                state.probes("one", "reactor-1"));
    }

    /** Every function that is declared to Gogo is a method with a usage text, and every argument has one. */
    @Test
    void shouldDescribeEveryCommand() {
        Map<Class<?>, Set<String>> declared = Map.of(ServerCommands.class,
                Set.of("servers", "config", "set", "unset", "apply", "history", "rollback"), StateCommands.class,
                Set.of("transports", "probes", "counters"), LoggingConfiguration.class, Set.of("loglevel"));
        declared.forEach((type, functions) -> {
            Set<String> described = Stream.of(type.getDeclaredMethods()).filter(method -> Modifier.isPublic(method.getModifiers()))
                    .filter(method -> method.isAnnotationPresent(Descriptor.class)).peek(CommandsTest::assertArgumentsDescribed)
                    .map(Method::getName).collect(Collectors.toSet());
            assertEquals(functions, described);
        });
    }

    private static void assertArgumentsDescribed(Method method) {
        Arrays.stream(method.getParameters())
                .forEach(argument -> assertNotNull(argument.getAnnotation(Descriptor.class), method.toString()));
    }
}
