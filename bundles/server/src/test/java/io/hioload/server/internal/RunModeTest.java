package io.hioload.server.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hioload.control.ConfigException;
import io.hioload.control.ConfigSnapshot;
import io.hioload.reactor.IdlePolicy;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunModeTest {

    private static ConfigSnapshot config(Map<String, ?> values) throws ConfigException {
        return ServerSchema.schema().validate(1, "test", values);
    }

    @Test
    void shouldBlockAtOnceWhenNothingIsSaid() throws Exception {
        assertEquals(IdlePolicy.BALANCED, RunMode.idle(config(Map.of())));
        assertEquals(0, RunMode.busyPollUs(config(Map.of())));
    }

    @Test
    void shouldWaitAsTheModeSays() throws Exception {
        assertEquals(IdlePolicy.LATENCY, RunMode.idle(config(Map.of("mode", "latency"))));
        assertEquals(50, RunMode.busyPollUs(config(Map.of("mode", "latency"))));
        assertEquals(IdlePolicy.EFFICIENT, RunMode.idle(config(Map.of("mode", "efficient"))));
    }

    @Test
    void shouldOverrideTheModeKeyByKey() throws Exception {
        ConfigSnapshot config = config(
                Map.of("mode", "latency", "idle.spin.us", "20", "idle.yield.us", "30", "idle.gather.us", "40", "busy.poll.us", "0"));
        assertEquals(new IdlePolicy(20_000, 30_000, 40_000), RunMode.idle(config));
        assertEquals(0, RunMode.busyPollUs(config));
    }

    @Test
    void shouldRefuseAModeThatIsNone() {
        assertThrows(ConfigException.class, () -> config(Map.of("mode", "turbo")));
    }
}
