package io.hioload.transport.iouring;

import io.hioload.buffer.Buffer;
import io.hioload.ffm.Errno;
import io.hioload.ffm.Memory;
import io.hioload.ffm.socket.Sockets;
import io.hioload.ffm.socket.Wakeup;
import io.hioload.transport.CloseMode;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.LoopContext;
import io.hioload.transport.SendQueues;
import io.hioload.transport.Status;
import io.hioload.transport.TransportEvents;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportLoop;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.net.SocketAddress;

/**
 * One io_uring on one thread. It owns the ring, its receive buffers, the sockets, and the buffers that wait to be sent.
 *
 * <p>A turn is one system call: {@link #poll} makes an operation for each connection that has something to send, enters the
 * kernel with all of them, and delivers what completed. {@link #flush} therefore leaves the sends of a turn to the next
 * {@link #poll}, which reactors call after nothing but their tasks and timers; what is left to it counts as
 * {@link #inFlight}. When there were sends, that call does not wait, so that {@link TransportEvents#onSent} comes at once:
 * it costs a loop that has nothing else to do a second call before it sleeps, and a busy one nothing.
 *
 * <p>Cost: no allocation; 20 bytes for each slot of the tables, no buffer for an idle connection.
 */
final class UringLoop implements TransportLoop {

    private static final System.Logger LOG = System.getLogger(UringLoop.class.getName());

    /** How long {@link #close} waits for cancelled operations. They take microseconds unless the kernel is in trouble. */
    private static final long CLOSE_DEADLINE_NS = 2_000_000_000;
    private static final long CLOSE_STEP_NS = 10_000_000;

    /** How long it waits for the notifications of zero-copy sends, which a reset connection gives at once, but one that moved does not. */
    private static final long NOTIFICATION_DEADLINE_NS = 200_000_000;

    /**
     * So many connections with something to send are submitted before the turn is over. Their buffers then come back while
     * they are in the caches, and a turn needs no more of them than this, instead of one for each event.
     */
    private static final int MOST_READY = 64;

    /** How soon a pool that had no receive buffer is asked again. */
    private static final long STARVATION_BACKOFF_NS = 1_000_000;

    private final Arena arena;
    private final TransportEvents events;
    private final UringCounters counters;
    private final Sockets sockets;
    private final Ring ring;
    private final Submissions submissions;
    private final BufferRing buffers;
    private final Sends sends;
    private final Receives receives;
    private final Openings openings;
    private final Connections connections;
    private final ConnectionTable table;
    private final Listeners listeners;
    private final Wakeup wakeup;
    private boolean closed;

    /**
     * Opens a loop on the calling thread.
     *
     * @param context what it lives on
     * @param arena   memory shared with the kernel; the loop's from now on, unless this throws
     * @param sys     of the calling thread
     * @throws TransportException if the kernel refuses; says why
     */
    UringLoop(LoopContext context, Arena arena, Syscalls sys) throws TransportException {
        this.arena = arena;
        UringSettings settings = UringSettings.of(context.settings());
        events = context.events();
        counters = new UringCounters(context.counters());
        sockets = new Sockets(arena);
        ring = new Ring(sys, arena, settings, counters);
        int wakeFd = sockets.eventfd();
        if (wakeFd < 0) {
            ring.close();
            throw new TransportException("eventfd: " + Errno.text(-wakeFd));
        }
        wakeup = new Wakeup(wakeFd);
        try {
            buffers = new BufferRing(ring, arena, context.buffers(), settings, counters);
        } catch (TransportException e) {
            wakeup.close();
            ring.close();
            throw e;
        }
        submissions = new Submissions(ring, counters);
        table = new ConnectionTable(context.maxConnections());
        SendQueues queues = new SendQueues(table.slots());
        sends = new Sends(ring, arena, table, queues, settings.zeroCopyBytes(), counters);
        receives = new Receives(events, submissions, buffers, table, counters);
        Waits waits = new Waits(submissions, table);
        openings = new Openings(events, sockets, waits, receives, table, queues);
        connections = new Connections(events, sockets, submissions, waits, receives, sends, table, queues, counters);
        int busyPollUs = context.settings().busyPollUs();
        listeners = new Listeners(sockets, submissions, counters, busyPollUs);
        counters.busyPoll.add(busyPollUs > 0 && ring.busyPoll(busyPollUs) ? 1 : 0);
        submissions.wake(wakeFd);
        Features features = ring.features().with(Feature.INCREMENTAL_BUFFERS, buffers.isIncremental());
        features.publish(context.counters());
        String missing = features.missing(Features.ALL.with(Feature.SQPOLL, settings.sqPoll()));
        if (!missing.isEmpty()) {
            LOG.log(Level.INFO, "io_uring: not there or not wanted, so that this loop does without: {0}", missing);
        }
    }

    // ---- events

    @Override
    public int poll(int limit, long timeoutNs) {
        if (closed) {
            return 0;
        }
        long waitNs = listeners.bound(timeoutNs);
        if (buffers.isShort() || receives.anyStarved()) {
            waitNs = feed(waitNs);
        }
        sends.prepare();
        boolean mayWait = waitNs != 0 && !sends.arePrepared() && !ring.hasCompletions();
        if (mayWait || ring.isDue()) {
            ring.enter(mayWait, waitNs);
        }
        if (ring.overflowed()) {
            counters.overflows.increment();
        }
        // What a kernel thread completes from here on is for the next turn: a send must be collected before it is passed.
        int end = ring.completionsEnd();
        int finished = sends.collect(end) ? finishSends() : 0;
        int delivered = finished + deliver(limit, end);
        if (delivered == 0 && sends.arePrepared()) {
            Thread.yield(); // the kernel thread that takes them may be waiting for this CPU
        }
        return delivered;
    }

    private long feed(long timeoutNs) {
        buffers.refill();
        if (!receives.anyStarved()) {
            return timeoutNs;
        }
        if (buffers.isHalfFull()) {
            receives.feed();
            return timeoutNs;
        }
        return timeoutNs < 0 ? STARVATION_BACKOFF_NS : Math.min(timeoutNs, STARVATION_BACKOFF_NS);
    }

    private int finishSends() {
        int finished = 0;
        while (sends.next()) {
            connections.sent(sends.slot(), sends.length(), sends.result());
            finished++;
        }
        return finished;
    }

    private int deliver(int limit, int end) {
        int delivered = 0;
        int place = ring.completions();
        while (place != end && delivered < limit) {
            long completion = ring.completion(place++);
            ring.advanceTo(place);
            delivered += dispatch(Memory.getLong(completion), Memory.getInt(completion + 8), Memory.getInt(completion + 12));
            if (sends.readyCount() >= MOST_READY) {
                delivered += sendEarly();
            }
        }
        return delivered;
    }

    private int sendEarly() {
        sends.prepare();
        ring.submit();
        return sends.collect(ring.completionsEnd()) ? finishSends() : 0;
    }

    private int dispatch(long data, int result, int flags) {
        switch (Operation.of(data)) {
            case Operation.RECEIVE -> {
                return connections.received(data, result, flags);
            }
            case Operation.ACCEPT -> {
                return accepted(data, result, flags);
            }
            case Operation.WRITABLE -> {
                return connections.writable(data);
            }
            case Operation.BROKEN -> {
                return connections.broken(data);
            }
            case Operation.SEND_ZC -> sends.notified(Operation.place(data), result, flags);
            case Operation.CANCEL -> connections.cancelFailed(data);
            case Operation.WAKE -> woken(flags);
            default -> {
                // a send, which Sends.collect has seen, or one that nobody waits for
            }
        }
        return 0;
    }

    private void woken(int flags) {
        wakeup.arrived();
        if ((flags & Abi.CQE_F_MORE) == 0) {
            submissions.ended();
            if (!closed) {
                submissions.wake(wakeup.fd());
            }
        }
    }

    private int accepted(long data, int result, int flags) {
        int fd = listeners.completed(data, result, (flags & Abi.CQE_F_MORE) == 0);
        if (fd < 0) {
            return 0;
        }
        long id = events.onAccept(Operation.place(data));
        if (id < 0) {
            counters.acceptRefusals.increment();
            sockets.close(fd);
            return 1;
        }
        counters.accepted.increment();
        int status = openings.reserve(id);
        if (status == Status.OK) {
            openings.open(id, fd);
        } else {
            sockets.close(fd);
            events.onClosed(id, status);
        }
        return 1;
    }

    // ---- connections

    @Override
    public int send(long id, Buffer buffer, int offset, int length) {
        return connections.send(id, buffer, offset, length);
    }

    @Override
    public int flush() {
        return sends.readyCount();
    }

    @Override
    public int receiving(long id, boolean on) {
        return connections.receiving(id, on);
    }

    @Override
    public int close(long id, CloseMode how) {
        return connections.close(id, how);
    }

    @Override
    public int connect(long id, SocketAddress remote) {
        return closed ? Status.CLOSED : openings.connect(id, remote);
    }

    @Override
    public SocketAddress remoteAddress(long id) {
        return connections.remoteAddress(id);
    }

    @Override
    public int detach(long id) {
        return connections.detach(id);
    }

    @Override
    public int adopt(long id, long handle) {
        return closed ? Status.CLOSED : openings.adopt(id, (int) handle, false);
    }

    @Override
    public int adoptPaused(long id, long handle) {
        return closed ? Status.CLOSED : openings.adopt(id, (int) handle, true);
    }

    // ---- listeners

    @Override
    public int listen(int listener, SocketAddress local, ListenOptions options) {
        return closed ? Status.CLOSED : listeners.listen(listener, local, options);
    }

    @Override
    public int unlisten(int listener) {
        return listeners.unlisten(listener);
    }

    @Override
    public SocketAddress localAddress(int listener) {
        return listeners.localAddress(listener);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Connections that the kernel has accepted already are delivered before this returns, so that none is lost and none
     * comes later. Enters the kernel until the accept is over: it wakes only one of those who wait for a connection, and if
     * that were still this loop, the next owner would not hear of it.
     */
    @Override
    public long detachListener(int listener) {
        int fd = listeners.detach(listener);
        if (fd < 0) {
            return fd;
        }
        deliverAccepted(listener);
        long deadlineNs = System.nanoTime() + CLOSE_DEADLINE_NS;
        while (listeners.isAccepting(listener) && System.nanoTime() - deadlineNs < 0) {
            ring.enter(false, 0);
            deliverAccepted(listener);
        }
        return fd;
    }

    private void deliverAccepted(int listener) {
        int end = ring.completionsEnd();
        for (int place = ring.completions(); place != end; place++) {
            long completion = ring.completion(place);
            long data = Memory.getLong(completion);
            if (Operation.of(data) == Operation.ACCEPT && Operation.place(data) == listener) {
                Memory.putLong(completion, Operation.data(Operation.NONE, 0, 0));
                accepted(data, Memory.getInt(completion + 8), Memory.getInt(completion + 12));
            }
        }
    }

    @Override
    public int adoptListener(int listener, long handle) {
        return closed ? Status.CLOSED : listeners.adopt(listener, (int) handle);
    }

    // ---- the loop itself

    @Override
    public int inFlight() {
        return sends.inFlight();
    }

    @Override
    public void wakeup() {
        wakeup.signal();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (int listener = 0; listener < listeners.count(); listener++) {
            listeners.unlisten(listener);
        }
        connections.closeAll();
        drain();
        boolean idle = submissions.armed() == 0 && !sends.arePrepared();
        connections.closeAnyway();
        long left = buffers.close(idle);
        ring.close();
        wakeup.close();
        if (idle) {
            arena.close();
        } else {
            // Leaking is better than the kernel writing into memory that somebody else got.
            LOG.log(Level.WARNING, "io_uring did not end {0} operations in time: {1} bytes of receive buffers are left behind",
                    submissions.armed(), left);
        }
        if (sends.held() > 0) {
            LOG.log(Level.WARNING, "the buffers of {0} zero-copy sends are left behind: their peers did not acknowledge in time",
                    sends.held());
        }
    }

    /** Cancels everything and waits until the kernel has nothing left, or too long. */
    private void drain() {
        long startNs = System.nanoTime();
        try {
            while (submissions.armed() > 0 || sends.arePrepared() || sends.held() > 0) {
                boolean onlyHeld = submissions.armed() == 0 && !sends.arePrepared();
                if (System.nanoTime() - startNs > (onlyHeld ? NOTIFICATION_DEADLINE_NS : CLOSE_DEADLINE_NS)) {
                    return;
                }
                if (submissions.armed() > 0 && !ring.hasUnsubmitted()) {
                    submissions.cancelAll();
                }
                ring.enter(true, CLOSE_STEP_NS);
                int end = ring.completionsEnd();
                if (sends.collect(end)) {
                    finishSends();
                }
                deliver(Integer.MAX_VALUE, end);
            }
        } catch (IllegalStateException e) {
            LOG.log(Level.WARNING, "closing a broken ring", e);
        }
    }
}
