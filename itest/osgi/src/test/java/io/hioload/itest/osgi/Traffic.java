package io.hioload.itest.osgi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that echo checked texts without pause, each on a thread of its own, and connect again when they are closed. Any
 * thread may ask what they have seen.
 */
final class Traffic implements AutoCloseable {

    private static final long CONNECT_AGAIN_NS = 20_000_000;

    private final int port;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong echoes = new AtomicLong();
    /** How sessions ended, and anything else that is no echo. Guarded by itself. */
    private final Map<String, Integer> ends = new TreeMap<>();

    Traffic(int port, int clients) {
        this.port = port;
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofPlatform().name("traffic-" + i).start(this::run));
        }
    }

    private void run() {
        long number = 0;
        while (!over.get()) {
            try (Client client = Client.open(port, "/echo")) {
                String answer = "";
                for (String text = ""; answer.equals(text) && !over.get();) {
                    text = Thread.currentThread().getName() + " message " + number++;
                    answer = client.echo(text);
                    if (text.equals(answer)) {
                        echoes.incrementAndGet();
                    } else {
                        end(String.valueOf(answer));
                    }
                }
            } catch (CompletionException e) {
                // Not served at this moment, or closed between two calls: closes are counted where an answer is awaited.
                LockSupport.parkNanos(CONNECT_AGAIN_NS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void end(String how) {
        synchronized (ends) {
            ends.merge(how, 1, Integer::sum);
        }
    }

    /** How sessions ended since the last call. */
    Map<String, Integer> ends() {
        synchronized (ends) {
            Map<String, Integer> seen = new TreeMap<>(ends);
            ends.clear();
            return seen;
        }
    }

    /** Waits until every client is served again. */
    void flows() throws Exception {
        long before = echoes.get();
        Await.until("traffic to flow", () -> echoes.get() > before + 20L * threads.size());
    }

    long echoes() {
        return echoes.get();
    }

    @Override
    public void close() {
        over.set(true);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
