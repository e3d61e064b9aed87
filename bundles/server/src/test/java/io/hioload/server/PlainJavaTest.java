package io.hioload.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class PlainJavaTest {

    private static final String OPEN = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";
    private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";

    private static String run(String... flags) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FiveLines.class.getName()));
        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(java.waitFor(30, TimeUnit.SECONDS));
        return output;
    }

    @Test
    void shouldStartAndStopInFiveLines() throws Exception {
        String output = run(OPEN, NATIVE);
        assertTrue(output.contains("transport " + TestTransports.best()), output);
        assertTrue(output.contains("server default: stopped"), output);
    }

    @Test
    void shouldNameTheFlagThatIsMissing() throws Exception {
        assertTrue(run(NATIVE).contains("start java with --add-opens java.base/jdk.internal.misc=ALL-UNNAMED"));
    }

    @Test
    void shouldDropWhatTheHandshakeNeededOnceASessionIsOpen() throws Exception {
        try (HioloadServer server = Hioload.server().port(0).reactors(1).handle("/echo", (s, t, b, o, l) -> s.send(t, b, o, l)).start()) {
            List<RawPeer> peers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                RawPeer peer = new RawPeer(server.localAddress());
                assertEquals(101, peer.send(RawPeer.upgrade("/echo")).status());
                assertEquals("x", peer.send(RawPeer.text("x")).read().text());
                peers.add(peer);
            }
            String histogram = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram", new Object[]{new String[0]},
                    new String[]{String[].class.getName()});
            for (String gone : List.of("io.hioload.server.internal.HttpConnection", "io.hioload.protocol.http1.RequestParser")) {
                assertEquals(List.of(), histogram.lines().filter(line -> line.contains(gone)).toList());
            }
            for (RawPeer peer : peers) {
                peer.close();
            }
        }
    }
}
