package io.hioload.itest.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * As many connections as two processes have descriptors for, each echoing once a second. Run by {@code -Pmany-connections};
 * {@code -Ditest.connections} and {@code -Ditest.seconds} change how many and for how long.
 */
@Tag("many-connections")
class ManyConnectionsIT {

    private static final int CONNECTIONS = Integer.getInteger("itest.connections", 15_000);
    private static final int SECONDS = Integer.getInteger("itest.seconds", 60);

    @AutoClose
    private Distribution server;

    @Test
    void shouldLoseNothingWhenManyConnectionsEchoOnceASecondForAMinute() throws Exception {
        server = Distribution.copy("many");
        server.edit("default", "transport", "epoll");
        server.start();
        Process swarm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx512m", "-cp",
                System.getProperty("itest.classes"), EchoSwarm.class.getName(), Integer.toString(server.port()),
                Integer.toString(CONNECTIONS), Integer.toString(SECONDS)).redirectErrorStream(true).start();
        try {
            Output output = new Output(swarm);
            assertTrue(swarm.waitFor(SECONDS + 120L, TimeUnit.SECONDS), () -> "the swarm does not end:\n" + output);
            output.all().forEach(System.out::println);
            assertEquals(0, swarm.exitValue(), () -> output + "\nserver:\n" + server.output());
            long messages = (long) CONNECTIONS * SECONDS;
            output.await("connections " + CONNECTIONS + " sent " + messages + " echoed " + messages + " ");
        } finally {
            swarm.destroyForcibly();
        }
        server.stop();
    }
}
