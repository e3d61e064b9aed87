package io.hioload.testkit.memory;

import io.hioload.buffer.Buffer;
import io.hioload.control.Counter;
import io.hioload.transport.Capability;
import io.hioload.transport.CloseMode;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.LoopContext;
import io.hioload.transport.SendQueues;
import io.hioload.transport.Status;
import io.hioload.transport.TransportEvents;
import io.hioload.transport.TransportLoop;
import java.net.SocketAddress;
import java.util.Arrays;

/**
 * One loop on a network. Events come in the order of the slots, beginning behind the last one that was served. The data
 * path allocates nothing, so that allocation tests see only what they test.
 */
final class MemoryLoop implements TransportLoop {

    private static final int FIRST_SLOTS = 16;

    private final MemoryNetwork network;
    private final MemoryFaults faults;
    private final TransportEvents events;
    private final LoopContext context;
    private final boolean blocking;
    private final boolean detachable;
    private final Runnable onClose;
    private final MemoryListeners listeners;
    private final MemoryWakeup wakeup;
    private final SendQueues queues = new SendQueues(FIRST_SLOTS);
    private final Counter sends;
    private final Counter flushes;
    private final Counter wakeups;

    private MemoryEnd[] ends = new MemoryEnd[FIRST_SLOTS];
    private Buffer receiveBuffer;
    private int cursor;
    private boolean closed;

    MemoryLoop(MemoryNetwork network, LoopContext context, long capabilities, Runnable onClose) {
        this.network = network;
        this.faults = network.faults();
        this.listeners = new MemoryListeners(network);
        this.wakeup = new MemoryWakeup(network);
        this.context = context;
        this.events = context.events();
        this.blocking = (capabilities & Capability.BLOCKING_POLL) != 0;
        this.detachable = (capabilities & Capability.DETACH) != 0;
        this.onClose = onClose;
        this.sends = context.counters().counter("memory.sends");
        this.flushes = context.counters().counter("memory.flushes");
        this.wakeups = context.counters().counter("memory.wakeups");
    }

    @Override
    public int poll(int limit, long timeoutNs) {
        boolean wait = blocking && timeoutNs != 0;
        long startNs = wait ? System.nanoTime() : 0;
        while (true) {
            int seen;
            synchronized (network) {
                seen = network.changes();
                if (wakeup.take()) {
                    wakeups.increment();
                    wait = false;
                }
            }
            int delivered = deliver(limit);
            if (delivered > 0 || !wait || !wakeup.await(seen, timeoutNs, startNs)) {
                return delivered;
            }
        }
    }

    private int deliver(int limit) {
        int delivered = 0;
        for (int listener = 0; listener < listeners.count(); listener++) {
            delivered += accept(listener, limit - delivered);
        }
        for (int i = ends.length; i > 0 && delivered < limit; i--) {
            if (cursor >= ends.length) {
                cursor = 0;
            }
            MemoryEnd end = ends[cursor++];
            if (end != null) {
                delivered += serve(end);
            }
        }
        return delivered;
    }

    private int accept(int listener, int limit) {
        int delivered = 0;
        while (delivered < limit) {
            MemoryEnd end = listeners.accept(listener);
            if (end == null) {
                break;
            }
            delivered++;
            long id = events.onAccept(listener);
            if (id < 0) {
                network.reset(end);
            } else {
                register(id, end);
            }
        }
        return delivered;
    }

    private void register(long id, MemoryEnd end) {
        int slot = (int) id;
        if (slot >= ends.length) {
            int slots = Math.max(slot + 1, ends.length * 2);
            ends = Arrays.copyOf(ends, slots);
            queues.grow(slots);
        }
        end.id = id;
        ends[slot] = end;
    }

    private int serve(MemoryEnd end) {
        if (end.connecting) {
            return connected(end);
        }
        int delivered = drain(end);
        if (ends[(int) end.id] != end) {
            return delivered;
        }
        boolean reset;
        synchronized (network) {
            reset = end.reset;
        }
        if (reset) {
            gone(end, end.closing == CloseMode.ABORT ? Status.LOCAL_CLOSE : Status.RESET);
            return delivered + 1;
        }
        if (end.closing != null) {
            return delivered + finish(end);
        }
        if (end.receiving) {
            delivered += receive(end);
        }
        if (end.detaching && ends[(int) end.id] == end) {
            leave(end);
            delivered++;
        }
        return delivered;
    }

    private int connected(MemoryEnd end) {
        long id = end.id;
        end.connecting = false;
        if (end.closing != null) {
            network.reset(end);
            gone(end, Status.LOCAL_CLOSE);
        } else if (end.connectStatus != Status.OK) {
            ends[(int) id] = null;
            events.onConnect(id, end.connectStatus);
        } else {
            events.onConnect(id, Status.OK);
        }
        return 1;
    }

    /** Sends what is queued, as far as the other end has room. */
    private int drain(MemoryEnd end) {
        int slot = (int) end.id;
        int delivered = 0;
        while (ends[slot] == end && !queues.isEmpty(slot)) {
            int entry = queues.first(slot);
            int length = queues.length(entry);
            int taken = transfer(end, queues.buffer(entry), queues.offset(entry), length);
            if (taken < length) {
                queues.advance(entry, taken);
                break;
            }
            int total = queues.total(entry);
            delivered++;
            events.onSent(end.id, queues.remove(slot), total, Status.OK);
        }
        return delivered;
    }

    /** Moves bytes to the other end, as many as it has room for; none when the connection is reset. */
    private int transfer(MemoryEnd end, Buffer buffer, int offset, int length) {
        synchronized (network) {
            int step = end.reset ? 0 : Math.min(Math.min(length, end.peer.room()), faults.sendStepBytes());
            if (step > 0) {
                end.peer.put(buffer.memory(), offset, step);
                network.changed();
            }
            return step;
        }
    }

    private int receive(MemoryEnd end) {
        int length;
        boolean finished;
        synchronized (network) {
            length = Math.min(end.size(), faults.receiveStepBytes());
            finished = end.finished;
            if (length > 0) {
                if (receiveBuffer == null) {
                    receiveBuffer = context.buffers().acquire(context.settings().receiveBytes());
                }
                if (receiveBuffer == null) {
                    return 0;
                }
                length = Math.min(length, receiveBuffer.capacity());
                end.take(receiveBuffer.memory(), 0, length);
                network.changed();
            }
        }
        if (length > 0) {
            Buffer buffer = receiveBuffer;
            events.onReceive(end.id, buffer, 0, length);
            if (buffer.refs() != 1) {
                buffer.release();
                receiveBuffer = null;
            }
            return 1;
        }
        if (finished && !end.endTold) {
            end.endTold = true;
            events.onEndOfInput(end.id);
            return 1;
        }
        return 0;
    }

    /** Goes on with a flushing close: FIN behind the last byte, then input is dropped until the peer's FIN. */
    private int finish(MemoryEnd end) {
        if (!queues.isEmpty((int) end.id)) {
            return 0;
        }
        if (!end.finSent) {
            end.finSent = true;
            network.finish(end);
        }
        boolean finished;
        synchronized (network) {
            if (end.size() > 0) {
                end.discard(end.size());
                network.changed();
            }
            finished = end.finished;
        }
        if (finished) {
            gone(end, Status.LOCAL_CLOSE);
            return 1;
        }
        return 0;
    }

    private void gone(MemoryEnd end, int reason) {
        int slot = (int) end.id;
        queues.drop(slot, end.id, reason, events);
        ends[slot] = null;
        events.onClosed(end.id, reason);
    }

    private MemoryEnd find(long id) {
        int slot = (int) id;
        MemoryEnd end = slot >= 0 && slot < ends.length ? ends[slot] : null;
        return end != null && end.id == id ? end : null;
    }

    @Override
    public int send(long id, Buffer buffer, int offset, int length) {
        int failure = faults.nextSend();
        if (failure != Status.OK) {
            return failure;
        }
        MemoryEnd end = find(id);
        if (end == null || end.closing != null || end.connecting || end.detaching) {
            return Status.CLOSED;
        }
        sends.increment();
        int slot = (int) id;
        int taken = queues.isEmpty(slot) && faults.sendsComplete() ? transfer(end, buffer, offset, length) : 0;
        if (taken == length) {
            return Status.SENT;
        }
        queues.add(slot, buffer, offset, length);
        if (taken > 0) {
            queues.advance(queues.first(slot), taken);
        }
        return Status.OK;
    }

    @Override
    public int flush() {
        flushes.increment();
        return 0;
    }

    @Override
    public int receiving(long id, boolean on) {
        MemoryEnd end = find(id);
        if (end == null) {
            return Status.CLOSED;
        }
        end.receiving = on;
        return Status.OK;
    }

    @Override
    public int close(long id, CloseMode how) {
        MemoryEnd end = find(id);
        if (end == null) {
            return Status.CLOSED;
        }
        if (end.closing == CloseMode.ABORT) {
            return Status.OK;
        }
        end.closing = how;
        if (how == CloseMode.ABORT && !end.connecting) {
            network.reset(end);
        }
        return Status.OK;
    }

    @Override
    public int listen(int listener, SocketAddress local, ListenOptions options) {
        int failure = faults.nextListen();
        return failure != Status.OK ? failure : listeners.listen(listener, local, options);
    }

    @Override
    public int unlisten(int listener) {
        return listeners.unlisten(listener);
    }

    @Override
    public SocketAddress localAddress(int listener) {
        return listeners.localAddress(listener);
    }

    @Override
    public int connect(long id, SocketAddress remote) {
        int failure = faults.nextConnect();
        MemoryEnd end = failure == Status.OK ? network.dial(remote) : null;
        if (end == null) {
            end = new MemoryEnd(remote, 1);
            end.peer = new MemoryEnd(remote, 1);
            end.connectStatus = failure == Status.OK ? Status.REFUSED : failure;
        }
        end.connecting = true;
        register(id, end);
        return Status.OK;
    }

    @Override
    public SocketAddress remoteAddress(long id) {
        MemoryEnd end = find(id);
        return end == null ? null : end.remote;
    }

    @Override
    public int inFlight() {
        return faults.inFlight();
    }

    @Override
    public void wakeup() {
        wakeup.wake();
    }

    @Override
    public long detachListener(int listener) {
        return detachable ? listeners.detach(listener) : Status.NOT_SUPPORTED;
    }

    @Override
    public int adoptListener(int listener, long handle) {
        return listeners.adopt(listener, handle);
    }

    @Override
    public int detach(long id) {
        MemoryEnd end = find(id);
        if (!detachable || end == null || end.closing != null) {
            return detachable ? Status.CLOSED : Status.NOT_SUPPORTED;
        }
        end.detaching = true;
        if (faults.detachesComplete()) {
            leave(end);
        }
        return Status.OK;
    }

    private void leave(MemoryEnd end) {
        int slot = (int) end.id;
        queues.handBack(slot, end.id, events);
        ends[slot] = null;
        end.detaching = false;
        end.receiving = true;
        events.onDetached(end.id, network.park(end));
    }

    @Override
    public int adopt(long id, long handle) {
        int failure = faults.nextAdopt();
        if (failure != Status.OK) {
            return failure;
        }
        MemoryEnd end = network.unpark(handle, MemoryEnd.class);
        if (end == null) {
            return Status.CLOSED;
        }
        register(id, end);
        return Status.OK;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (int i = 0; i < listeners.count(); i++) {
            unlisten(i);
        }
        for (MemoryEnd end : ends) {
            if (end != null && ends[(int) end.id] == end) {
                network.reset(end);
                gone(end, Status.CLOSED);
            }
        }
        if (receiveBuffer != null) {
            receiveBuffer.release();
            receiveBuffer = null;
        }
        onClose.run();
    }
}
