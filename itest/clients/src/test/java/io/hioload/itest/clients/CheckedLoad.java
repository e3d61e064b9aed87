package io.hioload.itest.clients;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sessions that send a message every few milliseconds and compare its echo byte by byte; each on a thread of its own. Latency
 * is counted from when a message was due, so that a stall counts for all messages that it held up. Any thread may ask.
 */
final class CheckedLoad {

    private static final int SESSIONS = 8;
    private static final long PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(4);
    private static final int MAX_PAYLOAD_BYTES = 1_000;
    private static final double PERCENTILE = 0.99;

    private final int port;
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private long[] latenciesNs = new long[1 << 16];
    private int count;
    private long beganNs;
    private volatile boolean closed;

    /** What was measured since the last time. */
    record Figures(int echoes, double perSecond, double p99Ms, double longestMs) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.0f/s, p99 %.1f ms, longest %.1f ms", perSecond, p99Ms, longestMs);
        }
    }

    CheckedLoad(int port) throws IOException {
        this.port = port;
        for (int i = 0; i < SESSIONS; i++) {
            int seed = i;
            threads.add(Thread.ofPlatform().name("load-" + i).daemon().start(() -> run(seed)));
        }
        next();
    }

    private void run(int seed) {
        Random random = new Random(seed);
        long sent = 0;
        try (RawClient client = RawClient.open(port, "/echo")) {
            long due = System.nanoTime();
            while (!closed) {
                byte[] payload = new byte[8 + random.nextInt(MAX_PAYLOAD_BYTES)];
                random.nextBytes(payload);
                client.send(RawClient.BINARY, payload);
                sent++;
                RawClient.Frame echo = client.frame();
                if (echo.opcode() != RawClient.BINARY || !Arrays.equals(payload, echo.payload())) {
                    throw new IOException("something else came back: opcode " + echo.opcode() + ", " + echo.payload().length + " bytes");
                }
                long now = System.nanoTime();
                add(now - due);
                due += PERIOD_NS;
                while (due - System.nanoTime() > 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }
        } catch (IOException e) {
            synchronized (this) {
                faults.add("session " + seed + ", message " + sent + ": " + e);
            }
        }
    }

    private synchronized void add(long latencyNs) {
        if (count == latenciesNs.length) {
            latenciesNs = Arrays.copyOf(latenciesNs, 2 * count);
        }
        latenciesNs[count++] = latencyNs;
    }

    /** Figures since the last call of it. */
    synchronized Figures next() {
        long nowNs = System.nanoTime();
        Arrays.sort(latenciesNs, 0, count);
        Figures figures = count == 0 ? new Figures(0, 0, 0, 0)
                : new Figures(count, count * 1e9 / (nowNs - beganNs), latenciesNs[(int) (count * PERCENTILE)] / 1e6,
                        latenciesNs[count - 1] / 1e6);
        beganNs = nowNs;
        count = 0;
        return figures;
    }

    synchronized int echoes() {
        return count;
    }

    /** What was lost or wrong; nothing, if all is well. */
    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** Waits until each has its last echo. */
    void stop() throws InterruptedException {
        closed = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
