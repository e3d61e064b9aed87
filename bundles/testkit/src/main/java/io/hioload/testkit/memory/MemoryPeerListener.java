package io.hioload.testkit.memory;

import java.net.SocketAddress;

/** A test's own listening address. Any thread. */
public final class MemoryPeerListener implements AutoCloseable {

    private static final long PATIENCE_NS = 10_000_000_000L;

    private final MemoryNetwork network;
    private final MemoryAcceptQueue queue;

    MemoryPeerListener(MemoryNetwork network, MemoryAcceptQueue queue) {
        this.network = network;
        this.queue = queue;
    }

    /**
     * Where it listens.
     *
     * @return with the real port
     */
    public SocketAddress address() {
        return queue.address;
    }

    /**
     * Accepts the next connection; waits for it for at most ten seconds.
     *
     * @return the test's end
     */
    public MemoryPeer accept() {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        synchronized (network) {
            while (queue.waiting.isEmpty()) {
                long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    throw new IllegalStateException("nobody connected to " + queue.address + " within 10 s");
                }
                try {
                    network.wait(leftMs);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted while accepting", e);
                }
            }
            return new MemoryPeer(network, queue.waiting.poll());
        }
    }

    /** Stops listening; connections that wait are reset. */
    @Override
    public void close() {
        network.unbind(queue);
    }
}
