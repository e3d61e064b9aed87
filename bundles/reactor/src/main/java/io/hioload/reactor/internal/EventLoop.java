package io.hioload.reactor.internal;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.concurrent.Cancelable;
import io.hioload.control.Counters;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.Reactor;
import io.hioload.reactor.ReactorSettings;
import io.hioload.transport.TransportEvents;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportLoop;
import io.hioload.transport.TransportProvider;
import java.net.SocketAddress;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One reactor: what its connections, timers and tasks do happens in turns on one thread. A turn runs tasks and timers,
 * then lets the transport deliver events, then judges the connections' deadlines, then looks at the listed connections
 * ({@link TurnList}), then flushes the transport once. Each part of a turn is bounded.
 *
 * <p>The transport may report the end of a connection, of a connect or of a send from within a call that a handler made.
 * Those are only noted and told when the turn ends: a handler is never called from within its own call.
 *
 * <p>Threads: the reactor's own, except where {@link Reactor} says any thread. It owns the connection table and its
 * transport loop; its pool belongs to the group's memory.
 *
 * <p>Cost of received bytes on their way to the handler: a table look-up by index and one addition; of sent bytes: one
 * addition. The clock is read once a turn, and once more after a blocking poll; while polls deliver, none blocks.
 */
final class EventLoop implements Reactor, TransportEvents {

    /** An idle reactor looks so often whether its pool wants memory back. */
    private static final long TEND_NS = 1_000_000_000L;
    /** Above this between two readings of the clock, the reactor was away: a handler took long. */
    private static final long STALL_NS = 1L << DeadlineSweep.TICK_SHIFT;
    /** So often what is waiting is read, before deadlines are judged, when there is more than one poll delivers. */
    private static final int POLLS_BEFORE_SWEEP = 4;

    private final LoopSetup setup;
    private final Counters counters = new Counters();
    private final LoopCounters count = new LoopCounters(counters);
    private final HandlerGuard guard = new HandlerGuard(count);
    private final LoopConnections connections;
    private final TurnList list;
    private final TurnEnd turnEnd = new TurnEnd(count);
    private final LoopTimers timers;
    private final TaskQueue tasks;
    private final LoopListeners listeners = new LoopListeners(this);
    private final LoopTransports transports;
    private final TransportLoop[] places;
    private final LoopSettings settings;
    private IdleWait idle;
    private int eventsPerTurn;

    private BufferPool buffers;
    private SpareCork corks;
    private TransportLoop transport;
    private boolean canBlock;
    /** The present turn had something to do. */
    private boolean worked;
    private Thread thread;

    private long nowNs = System.nanoTime();
    /** In a blocking poll that has not delivered anything yet. */
    private boolean blocked;
    /** Whose received bytes are being handled: its cork is flushed when that returns. */
    private ReactorConnection current;
    /** The last poll delivered events, so the next one is likely to. */
    private boolean busy;
    /** Of this turn, counted when it ends. */
    private long receivedBytes;
    private long sentBytes;

    EventLoop(LoopSetup setup) {
        this.setup = setup;
        this.transports = new LoopTransports(this, setup.resting());
        this.places = transports.loops();
        this.settings = new LoopSettings(setup.settings());
        this.eventsPerTurn = setup.settings().eventsPerTurn();
        this.connections = new LoopConnections(this, setup, guard, count, nowNs);
        this.list = new TurnList(connections, guard, count);
        this.timers = new LoopTimers(nowNs, eventsPerTurn);
        this.tasks = new TaskQueue(setup.settings().taskQueueSlots(), eventsPerTurn, count);
        this.idle = new IdleWait(setup.settings().idle(), canBlock);
    }

    /** Runs by other settings from now on. */
    void configure(ReactorSettings changed) {
        tasks.perTurn(changed.eventsPerTurn());
        timers.perTurn(changed.eventsPerTurn());
        settings.take(changed);
        eventsPerTurn = changed.eventsPerTurn();
        idle = new IdleWait(changed.idle(), canBlock);
    }

    /** On the reactor's thread, first: what the turns need is there. */
    void begin(BufferPool pool, TransportProvider provider) throws TransportException {
        thread = Thread.currentThread();
        buffers = pool;
        corks = new SpareCork(pool);
        transports.begin(provider);
    }

    /** The loop that serves new connections, and that a wake-up wakes. */
    void serveBy(TransportLoop serving, boolean blocks) {
        transport = serving;
        canBlock = blocks;
        idle = new IdleWait(settings.present().idle(), blocks);
        tasks.wakes(serving);
    }

    /** The loop at a place: where a connection is. */
    TransportLoop transportAt(int place) {
        return places[place];
    }

    LoopTransports transports() {
        return transports;
    }

    HandlerGuard guard() {
        return guard;
    }

    // ---- the turn

    void turn() {
        count.turns.increment();
        // An interrupt is nobody's business here, and would close the channels of a Java transport.
        Thread.interrupted();
        long beganNs = System.nanoTime();
        if (beganNs - nowNs > STALL_NS) {
            connections.stalled(beganNs - nowNs);
        }
        if (worked) {
            count.busyNs.add(beganNs - nowNs);
        }
        nowNs = beganNs;
        int work = tasks.run() + timers.run(nowNs, count);
        boolean mayBlock = false;
        if (work > 0 || !list.isEmpty() || !turnEnd.isEmpty()) {
            idle.worked();
        } else {
            mayBlock = idle.idle(nowNs);
        }
        busy = poll(mayBlock) > 0;
        if (transports.isActive()) {
            busy |= transports.poll(eventsPerTurn) > 0;
        }
        if (busy) {
            idle.worked();
        }
        worked = busy || work > 0;
        if (!worked) {
            buffers.tend();
        }
        if (connections.isSweepDue(nowNs)) {
            sweep();
        }
        settle();
        if (transports.isActive()) {
            transports.step(nowNs);
        }
        transport.flush();
    }

    /** Behind a poll with events likely comes another one, and then neither the flag, its fence nor the clock is needed. */
    private int poll(boolean mayBlock) {
        if (busy || !mayBlock) {
            int delivered = transport.poll(eventsPerTurn, 0);
            if (delivered > 0 || !mayBlock) {
                return delivered;
            }
            if (idle.gather()) {
                nowNs = System.nanoTime();
                return transport.poll(eventsPerTurn, 0);
            }
        }
        return blockingPoll();
    }

    private int blockingPoll() {
        long timeoutNs = Math.min(Math.min(timers.idleNs(nowNs), connections.idleNs(nowNs)), Math.min(transports.idleNs(), TEND_NS));
        if (timeoutNs == 0 || !tasks.fallAsleep()) {
            return transport.poll(eventsPerTurn, 0);
        }
        blocked = true;
        try {
            return transport.poll(eventsPerTurn, timeoutNs);
        } finally {
            if (blocked) {
                woke();
            }
        }
    }

    private void woke() {
        blocked = false;
        tasks.awake();
        nowNs = System.nanoTime();
    }

    /** Judges deadlines, after everything that had arrived by then was read: a peer is not late because we are. */
    private void sweep() {
        int polls = 0;
        int delivered;
        do {
            delivered = transport.poll(eventsPerTurn, 0);
            busy |= delivered > 0;
        } while (delivered >= eventsPerTurn && ++polls < POLLS_BEFORE_SWEEP);
        connections.sweep(nowNs);
    }

    /** Runs what is for the end of the turn, looks at the listed connections, and counts the bytes of the turn. */
    void settle() {
        turnEnd.run();
        list.settle();
        if (receivedBytes > 0) {
            count.receiveBytes.add(receivedBytes);
            receivedBytes = 0;
        }
        if (sentBytes > 0) {
            count.sendBytes.add(sentBytes);
            sentBytes = 0;
        }
    }

    /** To be looked at when the turn ends. */
    void list(ReactorConnection connection) {
        list.add(connection);
    }

    /** A connection has a cork: it is flushed when its receive call returns, or else when the turn ends. */
    void corked(ReactorConnection connection) {
        if (connection != current) {
            list.add(connection);
        }
    }

    /** The transport has taken bytes to send. */
    void sent(int length) {
        sentBytes += length;
    }

    void deadline(ReactorConnection connection, long delayNs) {
        connections.deadline(connection, nowNs, delayNs);
    }

    // ---- transport events

    @Override
    public long onAccept(int listener) {
        if (blocked) {
            woke();
        }
        return connections.accept(listeners.acceptor(listener));
    }

    @Override
    public void onConnect(long id, int status) {
        if (blocked) {
            woke();
        }
        connections.connected(id, status);
    }

    @Override
    public void onReceive(long id, Buffer buffer, int offset, int length) {
        if (blocked) {
            woke();
        }
        ReactorConnection connection = connections.find(id);
        if (connection == null) {
            count.staleEvents.increment();
            return;
        }
        receivedBytes += length;
        receive(connection, buffer, offset, length);
    }

    void receive(ReactorConnection connection, Buffer buffer, int offset, int length) {
        if (!connection.isReady() && (HandOut.keeps(connection, buffer, offset, length) || !list.opened(connection))) {
            return; // closing: what still arrives is dropped
        }
        current = connection;
        guard.receive(connection, buffer, offset, length);
        current = null;
        try {
            connection.endOfTurn();
        } catch (Throwable t) {
            guard.loopFailed(connection, t);
        }
    }

    @Override
    public void onEndOfInput(long id) {
        if (blocked) {
            woke();
        }
        connections.endOfInput(id, list);
    }

    @Override
    public void onSent(long id, Buffer buffer, int length, int status) {
        if (blocked) {
            woke();
        }
        ReactorConnection connection = connections.find(id);
        if (connection != null) {
            connection.sent(length);
        } else {
            count.staleEvents.increment();
        }
        buffer.release();
    }

    @Override
    public void onUnsent(long id, Buffer buffer, int offset, int length) {
        if (!transports.moves().unsent(id, buffer, offset, length)) {
            count.staleEvents.increment();
            buffer.release();
        }
    }

    @Override
    public void onClosed(long id, int reason) {
        if (blocked) {
            woke();
        }
        connections.closed(id, reason);
    }

    @Override
    public void onDetached(long id, long handle) {
        if (blocked) {
            woke();
        }
        connections.detached(id, handle);
    }

    // ---- reactor

    @Override
    public Cancelable connect(SocketAddress remote, ConnectionHandler handler) {
        return connections.connect(remote, handler);
    }

    @Override
    public void atTurnEnd(Runnable task) {
        turnEnd.add(task);
    }

    @Override
    public void forEachConnection(Consumer<Connection> visitor) {
        connections.forEach(visitor);
    }

    /** Ends what the transport did not end, and tells. */
    void endAll(int reason) {
        connections.loseAll(reason);
        while (!list.isEmpty() || !turnEnd.isEmpty()) {
            settle();
        }
        corks.release();
    }

    @Override
    public void execute(Runnable task) {
        tasks.execute(task);
    }

    @Override
    public Cancelable schedule(Runnable task, long delayNs) {
        return new LoopTimer(this, task, System.nanoTime() + Math.clamp(delayNs, 0, Long.MAX_VALUE / 4)).begin();
    }

    @Override
    public int index() {
        return setup.index();
    }

    @Override
    public boolean inEventLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public BufferPool buffers() {
        return buffers;
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public String probeName() {
        return "reactor-" + setup.index();
    }

    @Override
    public Map<String, Object> probe() {
        return new LoopProbe(this, setup.threadName()).state();
    }

    TransportLoop transport() {
        return transport;
    }

    LoopCounters count() {
        return count;
    }

    LoopTimers timers() {
        return timers;
    }

    TaskQueue tasks() {
        return tasks;
    }

    LoopConnections connections() {
        return connections;
    }

    LoopListeners listeners() {
        return listeners;
    }

    LoopSettings settings() {
        return settings;
    }

    /** What connections keep their small writes in. */
    SpareCork corks() {
        return corks;
    }
}
