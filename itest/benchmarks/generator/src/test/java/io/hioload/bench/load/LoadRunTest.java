package io.hioload.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.hioload.server.Hioload;
import io.hioload.server.HioloadServer;
import io.hioload.websocket.CloseCode;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generator against servers in this process, right ones and wrong ones. */
class LoadRunTest {

    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());
    private static final WebSocketHandler ECHO = (session, type, buffer, offset, length) -> session.send(type, buffer, offset, length);

    private static HioloadServer server(WebSocketHandler handler) {
        return Hioload.server().port(0).transport("nio").reactors(1).handle("/", handler).start();
    }

    private static LoadOptions options(HioloadServer server, String rest) {
        List<String> arguments = new ArrayList<>(List.of("ws://127.0.0.1:" + server.port() + "/", "--seconds", "0.3", "--warmup", "0.05"));
        arguments.addAll(List.of(rest.split(" ")));
        return LoadOptions.parse(arguments);
    }

    private static LoadResult run(LoadOptions options) throws Exception {
        try (LoadRun run = new LoadRun(options, NOWHERE, false)) {
            run.open();
            return run.measure();
        }
    }

    private static LoadResult runAgainst(WebSocketHandler handler, String rest) throws Exception {
        try (HioloadServer server = server(handler)) {
            return run(options(server, rest));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--connections 1", "--connections 20 --pipeline 5 --size 1000", "--size 0 --connections 3", "--text --size 5",
            "--connections 2 --size 70000", "--connections 2 --pipeline 40 --size 100000", "--connections 20 --reactors 2",
            "--transport nio"})
    void shouldFindNoFaultWhenServerEchoes(String load) throws Exception {
        LoadResult result = runAgainst(ECHO, load);
        assertEquals(0, result.errors(), result::toText);
        assertTrue(result.messages() > 0, result::toText);
        assertTrue(result.latencyUs(50) > 0 && result.latencyUs(50) <= result.latencyUs(100), result::toText);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rate 1000 --connections 10", "--rate 20 --connections 3", "--rate 1000 --connections 8 --reactors 2"})
    void shouldSendExactlyWhatIsDueWhenThereIsARate(String load) throws Exception {
        LoadResult result = runAgainst(ECHO, load);
        assertEquals(0, result.errors(), result::toText);
        assertEquals(result.options().ratePerSecond() * 0.3, result.messages(), 1, result::toText);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--broadcast --connections 1", "--broadcast --connections 30", "--broadcast --connections 9 --pipeline 5",
            "--broadcast --connections 3 --size 70000"})
    void shouldCountEachDeliveryWhenServerBroadcasts(String load) throws Exception {
        LoadResult result = runAgainst(new ToAll(), load);
        assertEquals(0, result.errors(), result::toText);
        assertTrue(result.messages() >= result.opened(), result::toText);
    }

    @Test
    void shouldTellOfLostMessagesWhenABroadcastReachesOnlySome() throws Exception {
        LoadResult result = runAgainst(ECHO, "--broadcast --connections 3");
        assertEquals(2, result.lost(), result::toText);
    }

    /** Sends to all sessions of the one reactor what it receives. */
    private static final class ToAll implements WebSocketHandler {

        private final List<Session> sessions = new ArrayList<>();

        @Override
        public void onOpen(Session session) {
            sessions.add(session);
        }

        @Override
        public void onMessage(Session from, MessageType type, DirectBuffer buffer, int offset, int length) {
            sessions.forEach(session -> session.send(type, buffer, offset, length));
        }

        @Override
        public void onClose(Session session, int code, String reason) {
            sessions.remove(session);
        }
    }

    @Test
    void shouldHoldConnectionsWhenIdle() throws Exception {
        LoadResult result = runAgainst(ECHO, "--idle --connections 300 --connect-rate 5000");
        assertEquals(0, result.errors(), result::toText);
        assertEquals(300, result.opened());
        assertEquals(0, result.messages());
    }

    @Test
    void shouldCountWrongContentWhenServerChangesABit() throws Exception {
        LoadResult result = runAgainst((session, type, buffer, offset, length) -> {
            UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
            copy.putBytes(0, buffer, offset, length);
            copy.putByte(length - 1, (byte) (copy.getByte(length - 1) ^ 1));
            session.send(type, copy, 0, length);
        }, "--connections 2");
        assertTrue(result.wrongContent() > 0, result::toText);
        assertEquals(result.errors(), result.wrongContent(), result::toText);
    }

    @Test
    void shouldCountWrongLengthWhenServerCuts() throws Exception {
        LoadResult result = runAgainst((session, type, buffer, offset, length) -> session.send(type, buffer, offset, length - 1),
                "--connections 2");
        assertTrue(result.wrongLength() > 0, result::toText);
    }

    @Test
    void shouldCountUnaskedMessagesWhenServerSendsTwice() throws Exception {
        LoadResult result = runAgainst((session, type, buffer, offset, length) -> {
            session.send(type, buffer, offset, length);
            session.send(type, buffer, offset, length);
        }, "--connections 1");
        assertTrue(result.unasked() > 0 || result.wrongContent() > 0, result::toText);
    }

    @Test
    void shouldCountClosedConnectionsWhenServerGivesUp() throws Exception {
        LoadResult result = runAgainst((session, type, buffer, offset, length) -> session.close(CloseCode.GOING_AWAY, "enough"),
                "--connections 3");
        assertEquals(3, result.closed(), result::toText);
        assertTrue(result.firstError().contains("1001 enough"), result::toText);
    }

    @Test
    void shouldCountLostMessagesWhenServerIsSilent() throws Exception {
        AtomicInteger received = new AtomicInteger();
        LoadResult result = runAgainst((session, type, buffer, offset, length) -> {
            if (received.incrementAndGet() <= 100) {
                session.send(type, buffer, offset, length);
            }
        }, "--connections 1 --rate 1000");
        assertEquals(250, result.lost(), 1, result::toText);
    }

    @Test
    void shouldSayWhyWhenNothingListens() throws Exception {
        int port;
        try (HioloadServer server = server(ECHO)) {
            port = server.port();
        }
        try (LoadRun run = new LoadRun(LoadOptions.parse(List.of("ws://127.0.0.1:" + port + "/", "--connections", "3")), NOWHERE, false)) {
            assertEquals(0, run.open());
            assertTrue(run.firstFailure().contains("cannot connect"), run.firstFailure());
        }
    }

    @Test
    void shouldSayWhyWhenThereIsNoSuchProcess() throws Exception {
        IOException failure = assertThrows(IOException.class, () -> runAgainst(ECHO, "--connections 1 --server-pid 2147483647"));
        assertTrue(failure.getMessage().contains("process 2147483647"), failure.getMessage());
    }

    @Test
    void shouldSayWhyWhenThereIsNoSuchEndpoint() throws Exception {
        try (HioloadServer server = server(ECHO);
                LoadRun run = new LoadRun(LoadOptions.parse(List.of("ws://127.0.0.1:" + server.port() + "/other")), NOWHERE, false)) {
            assertEquals(0, run.open());
            assertTrue(run.firstFailure().contains("404"), run.firstFailure());
        }
    }

    @Test
    void shouldWritePercentilesWhenFileIsHgrm(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("latency.hgrm");
        runAgainst(ECHO, "--connections 2 --histogram " + file);
        String text = Files.readString(file);
        assertTrue(text.contains("Percentile TotalCount") && text.contains("#[Mean"), text);
    }

    @Test
    void shouldWriteALogWhenFileIsAnother(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("latency.hlog");
        LoadResult result = runAgainst(ECHO, "--connections 2 --seconds 1.5 --histogram " + file);
        HistogramLogReader log = new HistogramLogReader(file.toFile());
        long sum = 0;
        int lines = 0;
        while (log.hasNext()) {
            sum += ((Histogram) log.nextIntervalHistogram()).getTotalCount();
            lines++;
        }
        assertEquals(result.messages(), sum);
        assertEquals(2, lines);
    }

    @Test
    void shouldAllocateNothingForAMessageWhenWarm() throws Exception {
        try (HioloadServer server = server(ECHO);
                LoadRun run = new LoadRun(options(server, "--connections 10 --pipeline 8 --seconds 3"), NOWHERE, false)) {
            run.open();
            long before = allocatedByGenerator();
            LoadResult result = run.measure();
            long bytes = allocatedByGenerator() - before;
            assertEquals(0, result.errors(), result::toText);
            // Its histograms are made by the watching thread; what is left is of the watch, once a second.
            assertEquals(0, bytes / result.messages(), bytes + " bytes for " + result.messages());
        }
    }

    private static long allocatedByGenerator() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("hioload-bench-"))
                .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.threadId())).sum();
    }
}
