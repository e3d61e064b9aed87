package io.hioload.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.hioload.transport.Capability;
import io.hioload.transport.CloseMode;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.Status;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Waiting, waking, stopping, and giving everything back. */
abstract class ResourceCases extends HandOverCases {

    private static final int IDLE_POLLS = 10_000;

    @Test
    void shouldBeUsableHere() {
        assertEquals("", provider().availability().reason());
        assertTrue(provider().availability().usable());
    }

    @Test
    void shouldReportAddressWhenTaken() throws Exception {
        LoopHarness harness = open();
        InetSocketAddress address = harness.listen();
        assertEquals(Status.text(Status.ADDRESS_IN_USE),
                Status.text(harness.call(() -> harness.loop().listen(1, address, ListenOptions.DEFAULT))));
        assertNull(harness.call(() -> harness.loop().localAddress(1)));
        assertEquals(Status.OK, harness.call(() -> {
            assertEquals(Status.OK, harness.loop().unlisten(0));
            assertEquals(Status.CLOSED, harness.loop().unlisten(0));
            // Without a poll in between: the address is free when unlisten returns.
            return harness.loop().listen(1, address, ListenOptions.DEFAULT);
        }));
        peer(address).echo("bound again");
    }

    @Test
    void shouldShareAddressWhenReusePortIsSupported() throws Exception {
        boolean supported = (provider().capabilities() & Capability.REUSE_PORT) != 0;
        LoopHarness first = open();
        LoopHarness second = open();
        ListenOptions options = ListenOptions.DEFAULT.withReusePort(true);
        if (!supported) {
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            assertTrue(first.call(() -> first.loop().listen(0, any, options)) <= 0);
            return;
        }
        InetSocketAddress address = first.listen(0, InetAddress.ofLiteral("127.0.0.1"), options);
        assertEquals(Status.OK, second.call(() -> second.loop().listen(0, address, options)));
        for (int i = 0; i < 64; i++) {
            peer(address).echo("spread");
        }
        assertTrue(first.openLinks() > 0 && second.openLinks() > 0, "the system spreads connections");
    }

    @Test
    void shouldReturnAtOnceWhenWokenBeforePoll() {
        LoopHarness harness = open();
        harness.run(() -> {
            harness.loop().poll(1, 0);
            harness.loop().wakeup();
            harness.loop().wakeup();
            long startNs = System.nanoTime();
            assertEquals(0, harness.loop().poll(1, TimeUnit.SECONDS.toNanos(10)));
            assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(5), "poll slept through the wake-up");
        });
    }

    @Test
    void shouldEndBlockingPollWhenWokenFromOtherThread() throws Exception {
        LoopHarness harness = open();
        for (int i = 0; i < 2000; i++) {
            // Each call wakes a loop that may be anywhere around its blocking poll.
            int sent = i;
            int answer = harness.call(() -> sent);
            assertEquals(sent, answer);
        }
    }

    @Test
    void shouldHonourTimeoutWhenNothingHappens() {
        LoopHarness harness = open();
        harness.run(() -> {
            harness.loop().poll(1, 0);
            for (long timeoutNs : new long[]{1, 1_000_000, 30_000_000}) {
                long startNs = System.nanoTime();
                int delivered = harness.loop().poll(16, timeoutNs);
                long tookNs = System.nanoTime() - startNs;
                assertEquals(0, delivered);
                assertTrue(tookNs < timeoutNs + TimeUnit.SECONDS.toNanos(2), "waited " + tookNs + " ns");
            }
            // Some system calls may end a wait early, but not every wait.
            long startNs = System.nanoTime();
            for (int i = 0; i < 5; i++) {
                harness.loop().poll(16, 20_000_000);
            }
            assertTrue(System.nanoTime() - startNs > 20_000_000, "does not wait at all");
        });
    }

    @Test
    void shouldAllocateNothingWhenIdle() {
        LoopHarness harness = open();
        harness.listen();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        harness.run(() -> {
            // Compilers warm up in the background, so the first windows may allocate; one without is the proof.
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            long bytes;
            do {
                bytes = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < IDLE_POLLS; i++) {
                    harness.loop().poll(16, 0);
                    harness.loop().flush();
                }
                bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
            } while (bytes > 0 && System.nanoTime() < deadlineNs);
            assertEquals(0, bytes, "bytes allocated in " + IDLE_POLLS + " polls");
        });
    }

    @Test
    void shouldReturnEverythingWhenStoppedUnderTraffic() throws Exception {
        LoopHarness harness = open();
        InetSocketAddress address = harness.listen();
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int c = 0; c < 8; c++) {
            Peer peer = peer(address);
            clients.add(async(() -> {
                // Nobody reads the echo, so that buffers are queued when the loop stops.
                peer.writePattern(0, 1L << 30);
                return null;
            }));
        }
        harness.await("queued sends", () -> harness.links().stream().filter(link -> link.unsentBytes > 0).count() == 8);
        harness.close();
        assertTrue(harness.links().stream().allMatch(link -> link.closed), "onClosed for all");
        harness.memory().assertNoLeaks();
        for (CompletableFuture<Void> client : clients) {
            assertTrue(client.handle((done, broken) -> broken != null).get(LoopHarness.DEADLINE_SECONDS, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldLeakNothingWhenConnectionsComeAndGo() throws Exception {
        LoopHarness warm = open();
        peer(warm.listen()).echo("all classes are loaded");
        warm.close();
        int threads = Thread.activeCount();
        long descriptors = openDescriptors();
        LoopHarness harness = open();
        InetSocketAddress address = harness.listen();
        int connections = 1000;
        for (int round = 0; round < 2; round++) {
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                Peer peer = Peer.connect(address);
                peers.add(peer);
                peer.write("x");
            }
            for (Peer peer : peers) {
                peer.read(1);
            }
            assertEquals(connections, harness.openLinks());
            for (int i = 0; i < connections; i++) {
                Peer peer = peers.get(i);
                if (i % 2 == 0) {
                    peer.reset();
                } else {
                    peer.endOutput();
                }
            }
            harness.await("all ended", () -> harness.links().stream().allMatch(link -> link.closed || link.endsOfInput == 1));
            harness.run(() -> harness.links().stream().filter(Link::isOpen).forEach(link -> link.close(CloseMode.FLUSH)));
            harness.await("all closed", () -> harness.openLinks() == 0);
            for (Peer peer : peers) {
                peer.close();
            }
            assertTrue(harness.links().stream().allMatch(link -> (int) link.id < connections), "slots are used again");
        }
        harness.close();
        assertEquals(descriptors, openDescriptors(), "descriptors");
        assertTrue(Thread.activeCount() <= threads, "threads");
    }

    private static long openDescriptors() throws Exception {
        Path directory = Path.of("/proc/self/fd");
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }
}
