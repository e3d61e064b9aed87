package io.hioload.itest.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attacks on the running distribution. During each one a {@link CheckedLoad} goes on and loses nothing, memory stays under
 * its ceiling, and the server's counters say what happened; what the load felt is printed, not asserted. {@code -Pattacks}
 * repeats each attack {@code -Ditest.attack.rounds} times.
 */
class AttackIT {

    private static final int ROUNDS = Integer.getInteger("itest.attack.rounds", 1);
    /** Needs as many descriptors here and in the server's process. */
    private static final int HALF_OPEN = Integer.getInteger("itest.attack.connections", 10_000);
    private static final int HANDSHAKE_TIMEOUT_MS = 3_000;
    private static final int HEAP_MB = 128;
    private static final int POOL_CEILING_MB = 128;
    /** The JVM's own: code, metaspace, threads, and what its allocator keeps. */
    private static final int JVM_MB = 256;
    private static final int MESSAGE_MAX_BYTES = 1 << 20;
    private static final int FRAME_MAX_BYTES = 256 << 10;
    private static final int UNSENT_MAX_BYTES = 1 << 20;
    private static final int ECHOES_TO_WARM_UP = 10_000;
    private static final int ECHOES_BEFORE = 1_500;

    private static Distribution server;
    private static CheckedLoad load;

    @BeforeAll
    static void start() throws Exception {
        server = Distribution.copy("attack");
        String[] settings = {"handshake.timeout", HANDSHAKE_TIMEOUT_MS + "ms", "memory.ceiling", POOL_CEILING_MB + "MiB", "message.max",
                MESSAGE_MAX_BYTES + "", "frame.max", FRAME_MAX_BYTES + "", "unsent.max", UNSENT_MAX_BYTES + "", "linger.timeout", "2s",
                "close.timeout", "2s", "fragments.max", "100", "memory.trim.after", "2s"};
        for (int i = 0; i < settings.length; i += 2) {
            server.edit("default", settings[i], settings[i + 1]);
        }
        Files.writeString(server.home().resolve("etc/io.hioload.metrics.cfg"), "path=/metrics\n");
        Files.writeString(server.home().resolve("etc/jvm.options"), "\n-Xmx" + HEAP_MB + "m\n", StandardOpenOption.APPEND);
        server.start();
        Await.until("metrics", AttackIT::hasMetrics);
        Await.until("the echo endpoint", () -> JdkClient.status(server.port(), "/echo") == 101);
        load = new CheckedLoad(server.port());
        Await.until("everything is compiled", () -> load.echoes() >= ECHOES_TO_WARM_UP || !load.faults().isEmpty());
    }

    private static boolean hasMetrics() {
        try {
            figures();
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    @AfterAll
    static void stop() throws Exception {
        load.stop();
        assertEquals(List.of(), load.faults());
        server.stop();
        server.close();
    }

    /** Attacks while the load goes on, waits until the attackers are gone, and returns how the server's figures were before. */
    private static ServerFigures during(String attack, Callable<?> attacker) throws Exception {
        load.next();
        Await.until("a load", () -> load.echoes() >= ECHOES_BEFORE || !load.faults().isEmpty());
        CheckedLoad.Figures calm = load.next();
        ServerFigures before = figures();
        long mostResident = before.residentBytes();
        long mostPool = before.poolBytes();
        for (int round = 0; round < ROUNDS; round++) {
            attacker.call();
            ServerFigures now = figures();
            mostResident = Math.max(mostResident, now.residentBytes());
            mostPool = Math.max(mostPool, now.poolBytes());
        }
        CheckedLoad.Figures attacked = load.next();
        System.out.printf(Locale.ROOT, "%s: load before %s; during %s; resident %d -> %d MiB, pool %d -> %d KiB%n", attack, calm, attacked,
                before.residentBytes() >> 20, mostResident >> 20, before.poolBytes() >> 10, mostPool >> 10);
        assertEquals(List.of(), load.faults(), () -> server.output().toString());
        assertTrue(attacked.echoes() > 0, "the load stood still");
        assertTrue(mostResident < (long) (HEAP_MB + POOL_CEILING_MB + JVM_MB) << 20, "resident " + mostResident);
        assertTrue(mostPool <= (long) POOL_CEILING_MB << 20, "pool " + mostPool);
        Await.until("the attackers are gone", () -> figures().connections() <= before.connections());
        return before;
    }

    private static ServerFigures figures() throws IOException {
        return ServerFigures.read(server.port(), server.pid());
    }

    private static void expectCounted(ServerFigures before, String counter, long atLeast) throws Exception {
        Await.until(counter + " counts " + atLeast, () -> figures().since(before, counter) >= atLeast);
    }

    @Test
    void shouldServeOnWhenManySendTheirHeadersByteByByte() throws Exception {
        int slow = 500;
        ServerFigures before = during("slowloris, " + slow + " connections", () -> {
            try (Crowd crowd = new Crowd()) {
                crowd.connect(server.port(), slow);
                byte[] request = RawClient.upgrade(server.port(), "/echo", "").getBytes(ISO_8859_1);
                for (int at = 0; crowd.ended() < slow; at++) {
                    assertTrue(at < request.length, "none of them was sent away before its request was whole");
                    crowd.send(Arrays.copyOfRange(request, at, at + 1), 1);
                    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
                    while (System.nanoTime() - until < 0) {
                        crowd.look(20);
                    }
                }
            }
            return null;
        });
        expectCounted(before, "http_refusals", (long) ROUNDS * slow);
        expectCounted(before, "timeouts", (long) ROUNDS * slow);
    }

    @Test
    void shouldServeOnWhenThousandsOfHandshakesStayHalfOpen() throws Exception {
        ServerFigures before = during(HALF_OPEN + " half-open handshakes", () -> {
            try (Crowd crowd = new Crowd()) {
                crowd.connect(server.port(), HALF_OPEN);
                String whole = RawClient.upgrade(server.port(), "/echo", "");
                crowd.send(whole.substring(0, whole.length() / 2).getBytes(ISO_8859_1), 2);
                Await.until("all are sent away", () -> {
                    crowd.look(50);
                    return crowd.ended() >= HALF_OPEN;
                });
            }
            return null;
        });
        expectCounted(before, "connections_accepted", (long) ROUNDS * HALF_OPEN);
        expectCounted(before, "timeouts", (long) ROUNDS * HALF_OPEN);
        expectCounted(before, "http_refusals", (long) ROUNDS * HALF_OPEN / 3);
    }

    @Test
    void shouldRefuseHeadsThatAreTooLarge() throws Exception {
        String[] heads = {"GET /" + "a".repeat(1 << 20) + " HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: " + "b".repeat(1 << 20),
                "GET / HTTP/1.1\r\nHost: a\r\n" + "c: d\r\n".repeat(100_000), "\r\n".repeat(100_000), "a".repeat(1 << 20)};
        int each = 20;
        ServerFigures before = during("oversized headers, " + each * heads.length + " connections", () -> {
            for (int i = 0; i < each; i++) {
                for (String head : heads) {
                    try (RawClient client = new RawClient(server.port())) {
                        client.send(head);
                        String answer = client.head();
                        assertTrue(answer.matches("(?s)HTTP/1\\.1 (400|414|431) .*"), answer);
                    } catch (SocketException reset) {
                        // The rest of the head arrived after the answer had been given and its time to be read was over.
                    }
                }
            }
            return null;
        });
        expectCounted(before, "http_refusals", (long) ROUNDS * each * heads.length);
    }

    @Test
    void shouldCloseSessionsWhoseFramesAreTooLarge() throws Exception {
        List<byte[]> frames = new ArrayList<>();
        for (long length : new long[]{FRAME_MAX_BYTES + 1, 1L << 31, 1L << 40, Long.MAX_VALUE}) {
            frames.add(ByteBuffer.allocate(14).put((byte) 0x82).put((byte) 0xFF).putLong(length).putInt(0).array());
        }
        int each = 50;
        ServerFigures before = during("oversized frames, " + each * frames.size() + " sessions", () -> {
            for (int i = 0; i < each; i++) {
                for (byte[] frame : frames) {
                    expectClosed(1009, frame);
                }
            }
            return null;
        });
        expectCounted(before, "protocol_violations_1009", (long) ROUNDS * each * frames.size());
    }

    @Test
    void shouldCloseSessionsThatSendAZipBomb() throws Exception {
        int sessions = 20;
        byte[] bomb = RawClient.frame(0x80 | 0x40 | RawClient.BINARY, compressedZeros(100 << 20));
        ServerFigures before = during("zip bomb, " + (bomb.length >> 10) + " KiB for 100 MiB, " + sessions + " sessions", () -> {
            for (int i = 0; i < sessions; i++) {
                try (RawClient client = RawClient.openCompressed(server.port(), "/echo")) {
                    client.send(bomb);
                    assertEquals(1009, client.closeCode());
                }
            }
            return null;
        });
        expectCounted(before, "protocol_violations_1009", (long) ROUNDS * sessions);
        expectCounted(before, "deflate_failures", (long) ROUNDS * sessions);
    }

    private static byte[] compressedZeros(int length) {
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
            deflater.setInput(new byte[length]);
            byte[] compressed = new byte[FRAME_MAX_BYTES];
            int size = deflater.deflate(compressed, 0, compressed.length, Deflater.SYNC_FLUSH);
            // Without the end of the last block (RFC 7692, section 7.2.1).
            return Arrays.copyOf(compressed, size - 4);
        }
    }

    @Test
    void shouldNotReserveWhatAHeaderOnlyAnnounces() throws Exception {
        int sessions = 500;
        byte[] announced = ByteBuffer.allocate(14).put((byte) 0x82).put((byte) 0xFF).putLong(FRAME_MAX_BYTES).putInt(0).array();
        during("announced " + (FRAME_MAX_BYTES >> 10) + " KiB, sent 100 bytes, " + sessions + " sessions", () -> {
            List<RawClient> clients = new ArrayList<>();
            try {
                ServerFigures quiet = figures();
                for (int i = 0; i < sessions; i++) {
                    RawClient client = RawClient.open(server.port(), "/echo");
                    clients.add(client);
                    client.send(announced);
                    client.send(new byte[100]);
                }
                long growth = figures().poolBytes() - quiet.poolBytes();
                assertTrue(growth < sessions * 8L << 10, "the pool grew by " + growth);
            } finally {
                for (RawClient client : clients) {
                    client.close();
                }
            }
            return null;
        });
    }

    @Test
    void shouldCloseSessionsWhoseTextIsNotUtf8() throws Exception {
        byte[][] texts = {{(byte) 0xC0, (byte) 0x80}, {'a', (byte) 0xED, (byte) 0xA0, (byte) 0x80},
                {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80}, {(byte) 0xE6, (byte) 0x97}, {(byte) 0xFF}};
        int each = 100;
        ServerFigures before = during("invalid UTF-8, " + each * texts.length + " sessions", () -> {
            for (int i = 0; i < each; i++) {
                for (byte[] text : texts) {
                    expectClosed(1007, RawClient.frame(0x80 | RawClient.TEXT, text));
                }
            }
            return null;
        });
        expectCounted(before, "protocol_violations_1007", (long) ROUNDS * each * texts.length);
    }

    private static void expectClosed(int code, byte[] frame) throws IOException {
        try (RawClient client = RawClient.open(server.port(), "/echo")) {
            client.send(frame);
            assertEquals(code, client.closeCode());
        }
    }

    @Test
    void shouldServeOnUnderAFloodOfPingsThatNobodyReadsTheAnswersOf() throws Exception {
        int sessions = 5;
        int pings = 100_000;
        ServerFigures before = during("ping flood, " + sessions + " x " + pings, () -> {
            byte[] many = new byte[1_000 * 131];
            for (int i = 0; i < 1_000; i++) {
                System.arraycopy(RawClient.frame(0x80 | RawClient.PING, new byte[125]), 0, many, i * 131, 131);
            }
            List<RawClient> clients = new ArrayList<>();
            try {
                for (int i = 0; i < sessions; i++) {
                    clients.add(RawClient.open(server.port(), "/echo"));
                }
                for (int i = 0; i < pings; i += 1_000) {
                    for (RawClient client : clients) {
                        client.send(many);
                    }
                }
            } finally {
                for (RawClient client : clients) {
                    client.close();
                }
            }
            return null;
        });
        expectCounted(before, "control_dropped", 1);
    }

    @Test
    void shouldCloseSessionsThatDoNotReadWhatTheyAreSent() throws Exception {
        int sessions = 10;
        ServerFigures before = during("peers that never read, " + sessions + " sessions", () -> {
            List<RawClient> clients = new ArrayList<>();
            try {
                byte[] message = RawClient.frame(0x80 | RawClient.BINARY, new byte[64 << 10]);
                for (int i = 0; i < sessions; i++) {
                    clients.add(RawClient.open(server.port(), "/echo"));
                }
                for (RawClient client : clients) {
                    // As much as two sockets and the queue hold, and more. The server reads on and gives up in the end.
                    for (int sent = 0; sent < 200; sent++) {
                        client.send(message);
                    }
                }
                for (RawClient client : clients) {
                    Await.until("it is ended", () -> isEnded(client));
                }
            } finally {
                for (RawClient client : clients) {
                    client.close();
                }
            }
            return null;
        });
        expectCounted(before, "send_dropped", (long) ROUNDS * sessions);
    }

    /** Whether the server has reset it, which is noticed by sending only. */
    private static boolean isEnded(RawClient client) {
        try {
            client.send(RawClient.PING, new byte[0]);
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void shouldServeOnUnderAStormOfResets() throws Exception {
        int connections = 3_000;
        ServerFigures before = during("RST storm, " + connections + " connections", () -> {
            for (int i = 0; i < connections; i++) {
                RawClient client = i % 3 == 2 ? RawClient.open(server.port(), "/echo") : new RawClient(server.port());
                if (i % 3 == 1) {
                    client.send("GET /echo HTTP/1.1\r\nHo");
                } else if (i % 3 == 2) {
                    client.send(Arrays.copyOf(RawClient.frame(RawClient.TEXT, new byte[1_000]), 500));
                }
                client.reset();
            }
            return null;
        });
        // Connections that were reset before they were accepted do not count.
        expectCounted(before, "connections_closed", (long) ROUNDS * connections / 3);
        expectCounted(before, "sessions_closed", (long) ROUNDS * connections / 3);
    }

    @Test
    void shouldUnderstandSegmentsOfOneByte() throws Exception {
        int sessions = 20;
        ServerFigures before = during("segments of one byte, " + sessions + " sessions", () -> {
            for (int i = 0; i < sessions; i++) {
                try (RawClient client = new RawClient(server.port())) {
                    client.sendBytewise(RawClient.upgrade(server.port(), "/echo", "").getBytes(ISO_8859_1));
                    assertTrue(client.head().startsWith("HTTP/1.1 101 "));
                    for (int length : new int[]{0, 1, 125, 126, 2_000}) {
                        byte[] payload = "x".repeat(length).getBytes(ISO_8859_1);
                        client.sendBytewise(RawClient.frame(0x80 | RawClient.TEXT, payload));
                        assertEquals(new String(payload, ISO_8859_1), new String(client.frame().payload(), ISO_8859_1));
                    }
                }
            }
            return null;
        });
        expectCounted(before, "sessions_opened", (long) ROUNDS * sessions);
    }

    /** What one proxy or server takes for one request and another for two, by RFC 9112, sections 2.2, 5, 6 and 11. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 0",
            "Content-Length: 0\r\nContent-Length: 5", "Content-Length: 0\r\nContent-Length: 0", "Content-Length: 0, 0",
            "Content-Length: +0",
            "Content-Length: -1", "Content-Length: 0x0", "Content-Length: ", "Content-Length: 99999999999999999999999",
            "Content-Length : 0", "Transfer-Encoding : chunked", " Transfer-Encoding: chunked", "X: y\r\n Transfer-Encoding: chunked",
            "X: y\r\n\tContent-Length: 5", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: identity, chunked, chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding:\u000Bchunked", "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: chunked\nX: y",
            "X: y\nContent-Length: 5", "X: y\rContent-Length: 5", "X: \u0000", "X", ": y", "Host: b", "X: y\r\n\rZ: y", "X: y\n"})
    void shouldNotTakeTheRestOfABrokenRequestForAnother(String headers) throws Exception {
        String request = "GET /echo HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n\r\n0\r\n\r\n" + "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
        expectOneRefusal(request);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /echo HTTP/1.1\nHost: a\n\n", "GET /echo HTTP/1.1\rHost: a\r\r", "GET /echo HTTP/1.1\r\n\r\n",
            "GET  /echo HTTP/1.1\r\nHost: a\r\n\r\n", " GET /echo HTTP/1.1\r\nHost: a\r\n\r\n", "GET /echo\r\n\r\n",
            "GET /echo HTTP/1.1 \r\nHost: a\r\n\r\n", "GET /echo http/1.1\r\nHost: a\r\n\r\n",
            "\r\n\r\nGET /echo HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\na\r\n0\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF1\r\na\r\n0\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\na\n0\n\n",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab0\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;x\ny\r\na\r\n0\r\n\r\n"})
    void shouldNotTakeWhatFollowsABrokenHeadForAnother(String broken) throws Exception {
        expectOneRefusal(broken + "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    /** One answer, which refuses; then the end of the connection, whatever else is in the input. It counts as one. */
    private static void expectOneRefusal(String request) throws Exception {
        ServerFigures before = figures();
        try (RawClient client = new RawClient(server.port())) {
            client.send(request);
            String answers = client.head() + client.rest();
            assertTrue(answers.matches("(?s)HTTP/1\\.1 (400|413|501) .*"), answers);
            assertEquals(0, answers.indexOf("HTTP/1.1 "), answers);
            assertEquals(-1, answers.indexOf("HTTP/1.1 ", 1), answers);
            assertTrue(answers.toLowerCase(Locale.ROOT).contains("\r\nconnection: close\r\n"), answers);
        }
        expectCounted(before, "http_refusals", 1);
        assertEquals(List.of(), load.faults());
    }
}
