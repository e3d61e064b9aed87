package io.hioload.testkit.memory;

import io.hioload.transport.ListenOptions;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A world of addresses, connections and accept queues. Loops and peers of the same network reach each other, those of
 * two networks do not. Any thread.
 *
 * <p>Bytes go straight into the other end's inbox, which holds no more than the window: who does not read, holds the
 * sender up. Everything is guarded by the network itself, so that a run with one loop and one test thread depends on
 * nothing but the order of calls.
 */
public final class MemoryNetwork {

    /** Inbox of an end when nothing is given: 64 KiB. */
    public static final int DEFAULT_WINDOW_BYTES = 64 << 10;

    private static final int FIRST_PORT = 40_000;

    private final int windowBytes;
    private final MemoryFaults faults = new MemoryFaults();
    private final Map<InetSocketAddress, List<MemoryAcceptQueue>> listening = new HashMap<>();
    private final Map<Long, Object> handles = new HashMap<>();
    private long nextHandle = 1;
    private int nextPort = FIRST_PORT;
    private int turns;
    private int changes;

    /** Makes a network with the default window. */
    public MemoryNetwork() {
        this(DEFAULT_WINDOW_BYTES);
    }

    /**
     * Makes a network.
     *
     * @param windowBytes how many unread bytes an end holds, from 1
     */
    public MemoryNetwork(int windowBytes) {
        this.windowBytes = windowBytes;
    }

    /**
     * What goes wrong here.
     *
     * @return the script, always the same object
     */
    public MemoryFaults faults() {
        return faults;
    }

    /**
     * Connects as a test, without a loop.
     *
     * @param address that somebody listens on
     * @return the test's end
     * @throws IllegalStateException if nobody listens there or the accept queue is full
     */
    public synchronized MemoryPeer connect(SocketAddress address) {
        MemoryEnd end = dial(address);
        if (end == null) {
            throw new IllegalStateException("nobody accepts on " + address);
        }
        return new MemoryPeer(this, end);
    }

    /**
     * Listens as a test, without a loop.
     *
     * @param address with a port, or 0 to have one chosen
     * @return where connections to that address arrive
     * @throws IllegalStateException if somebody listens there
     */
    public synchronized MemoryPeerListener listen(InetSocketAddress address) {
        MemoryAcceptQueue queue = bind(address, ListenOptions.DEFAULT);
        if (queue == null) {
            throw new IllegalStateException("somebody listens on " + address);
        }
        return new MemoryPeerListener(this, queue);
    }

    /**
     * Handles that were detached and neither adopted nor discarded.
     *
     * @return how many
     */
    public synchronized int openHandles() {
        return handles.size();
    }

    /**
     * Addresses that somebody listens on.
     *
     * @return how many accept queues there are
     */
    public synchronized int listeners() {
        return listening.values().stream().mapToInt(List::size).sum();
    }

    /** An accept queue, or null if the address is taken. */
    synchronized MemoryAcceptQueue bind(InetSocketAddress address, ListenOptions options) {
        InetSocketAddress bound = address.getPort() != 0 ? address : new InetSocketAddress(address.getAddress(), nextPort++);
        List<MemoryAcceptQueue> there = listening.computeIfAbsent(bound, key -> new ArrayList<>());
        if (!there.isEmpty() && !(options.reusePort() && there.getFirst().options.reusePort())) {
            return null;
        }
        MemoryAcceptQueue queue = new MemoryAcceptQueue(bound, options);
        there.add(queue);
        return queue;
    }

    synchronized void unbind(MemoryAcceptQueue queue) {
        List<MemoryAcceptQueue> there = listening.get(queue.address);
        there.remove(queue);
        if (there.isEmpty()) {
            listening.remove(queue.address);
        }
        queue.waiting.forEach(this::reset);
        queue.waiting.clear();
        changed();
    }

    /** The caller's end of a new connection, or null if it is refused. */
    synchronized MemoryEnd dial(SocketAddress address) {
        List<MemoryAcceptQueue> there = listening.getOrDefault(address, List.of());
        if (there.isEmpty()) {
            return null;
        }
        MemoryAcceptQueue queue = there.get(turns++ % there.size());
        if (queue.waiting.size() >= queue.options.backlog()) {
            return null;
        }
        MemoryEnd near = new MemoryEnd(address, windowBytes);
        MemoryEnd far = new MemoryEnd(new InetSocketAddress(queue.address.getAddress(), nextPort++ & 0xffff), windowBytes);
        near.peer = far;
        far.peer = near;
        queue.waiting.add(far);
        changed();
        return near;
    }

    synchronized void reset(MemoryEnd end) {
        end.reset = true;
        end.peer.reset = true;
        changed();
    }

    synchronized void finish(MemoryEnd end) {
        end.peer.finished = true;
        changed();
    }

    synchronized long park(Object endOrQueue) {
        handles.put(nextHandle, endOrQueue);
        return nextHandle++;
    }

    /** What a handle stands for, or null if that is not of the type. */
    synchronized <T> T unpark(long handle, Class<T> type) {
        if (!type.isInstance(handles.get(handle))) {
            return null;
        }
        return type.cast(handles.remove(handle));
    }

    void discard(long handle) {
        MemoryEnd end = unpark(handle, MemoryEnd.class);
        if (end != null) {
            reset(end);
        }
        MemoryAcceptQueue queue = unpark(handle, MemoryAcceptQueue.class);
        if (queue != null) {
            unbind(queue);
        }
    }

    /** Grows with everything that somebody might wait for. Guarded by this. */
    int changes() {
        return changes;
    }

    /** Somebody may have something to do now. Guarded by this. */
    void changed() {
        changes++;
        notifyAll();
    }
}
