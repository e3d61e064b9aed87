package io.hioload.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.transport.Status;
import io.hioload.transport.TransportProvider;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** What all cases stand on: harnesses and peers that are closed, and checked for leaks, after each test. */
@Timeout(60)
abstract class KitCases {

    private final List<LoopHarness> harnesses = new ArrayList<>();
    private final List<AutoCloseable> peers = Collections.synchronizedList(new ArrayList<>());

    /**
     * The transport under test.
     *
     * @return the provider
     */
    protected abstract TransportProvider provider();

    /**
     * Whether connections may be accepted while the loop's thread is not in the loop, as by a thread of the kernel. They then
     * stay where they were accepted when the listener moves.
     *
     * @return false unless a subclass says otherwise
     */
    protected boolean acceptsByItself() {
        return false;
    }

    final LoopHarness open() {
        LoopHarness harness = new LoopHarness(provider());
        harnesses.add(harness);
        return harness;
    }

    final Peer peer(InetSocketAddress address) throws Exception {
        return keep(Peer.connect(address));
    }

    final <T extends AutoCloseable> T keep(T resource) {
        peers.add(resource);
        return resource;
    }

    /** Runs on a thread of its own. */
    static <T> CompletableFuture<T> async(Callable<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                answer.complete(work.call());
            } catch (Throwable t) {
                answer.completeExceptionally(t);
            }
        }, "peer");
        thread.setDaemon(true);
        thread.start();
        return answer;
    }

    static <T> T join(CompletableFuture<T> answer) throws Exception {
        return answer.get(LoopHarness.DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    static void awaitClosed(Link link, int reason) {
        link.harness.await("closed", () -> link.closed);
        assertEquals(Status.text(reason), Status.text(link.reason), "reason");
    }

    @AfterEach
    final void closeAndCheck() throws Exception {
        AssertionError failure = null;
        for (AutoCloseable peer : peers) {
            peer.close();
        }
        for (LoopHarness harness : harnesses) {
            try {
                harness.close();
            } catch (AssertionError e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        harnesses.forEach(harness -> harness.memory().assertNoLeaks());
    }
}
