package io.hioload.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.websocket.MessageType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadOptionsTest {

    private static final String URL = "ws://127.0.0.1:9001/echo";

    private static LoadOptions parse(String line) {
        return LoadOptions.parse(List.of(line.split(" ")));
    }

    @Test
    void shouldTakeDefaultsWhenOnlyTheUrlIsGiven() {
        assertEquals(LoadOptions.defaults(URL), parse(URL));
    }

    @Test
    void shouldTakeEveryOptionWhenGiven() {
        LoadOptions options = parse("--connections 7 --size 8 --pipeline 9 --rate 10.5 --seconds 11.5 --warmup 0 " + URL
                + " --text --transport nio --reactors 2 --connect-rate 12 --idle --server-pid 13 --histogram a.hgrm --json");
        assertEquals(new LoadOptions(URL, 7, 8, 9, 10.5, 11.5, 0, MessageType.TEXT, "nio", 2, 12, true, false, 13, Path.of("a.hgrm"), true),
                options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"connections", "size", "pipeline", "rate", "seconds", "warmup", "text", "binary", "transport", "reactors",
            "connect-rate", "idle", "broadcast", "server-pid", "histogram", "json", "help"})
    void shouldExplainEachOptionInTheUsage(String option) {
        assertTrue(LoadOptions.USAGE.contains("--" + option));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--connections 0 ws://h/|--connections 0: from 1 to 16000000",
            "--connections many ws://h/|--connections many: needs a whole number",
            "--size -1 ws://h/|--size -1: from 0 to 16777216",
            "--seconds 0 ws://h/|--seconds 0: from 0.001 to 1000000",
            "--broadcast --rate 5 ws://h/|--broadcast goes with --reactors 1, without --rate and --idle",
            "--rate NaN ws://h/|--rate NaN: from 0 to 1000000000",
            "ws://h/ --rate|--rate: needs a value",
            "ws://h/ --fast|--fast: no such option",
            "ws://h/ ws://i/|ws://i/: there is a URL already, ws://h/",
            "http://h/|http://h/: not a URL such as ws://127.0.0.1:9001/echo",
            "--json|where to? Give the URL of an echo endpoint, such as ws://127.0.0.1:9001/echo"})
    void shouldSayWhatIsWrongWhenAnOptionIs(String line, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> parse(line)).getMessage());
    }
}
