package io.hioload.testkit.reactor;

import io.hioload.buffer.BufferPool;
import io.hioload.concurrent.Cancelable;
import io.hioload.control.Counters;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.Reactor;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import io.hioload.testkit.concurrent.ManualClock;
import io.hioload.testkit.concurrent.ManualExecutor;
import io.hioload.testkit.concurrent.ManualScheduler;
import io.hioload.transport.Status;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * A reactor whose thread is the test's: the thread that made it. Its clock stands still, tasks wait for {@link #runTasks},
 * timers and the timeouts of connections for {@link #advance}. Its memory finds leaks and writes after release. Other threads
 * may call what a {@link Reactor} lets them.
 */
public final class FakeReactor implements Reactor {

    private static final long STEP_NS = 1_000_000;

    private final Thread thread = Thread.currentThread();
    private final ManualClock clock = new ManualClock(-5_000_000_000L);
    private final ManualScheduler timers = new ManualScheduler(clock);
    private final ManualExecutor tasks;
    private final CheckedBufferPoolManager memory = new CheckedBufferPoolManager();
    private final BufferPool buffers = memory.shared(0);
    private final Counters counters = new Counters();
    private final List<FakeConnection> connections = new ArrayList<>();
    private int connectStatus = Status.OK;
    private volatile boolean rejecting;
    private long made;

    /** Makes a reactor whose task queue never is full. */
    public FakeReactor() {
        this(Integer.MAX_VALUE);
    }

    /**
     * Makes a reactor.
     *
     * @param taskSlots tasks that can wait
     */
    public FakeReactor(int taskSlots) {
        tasks = new ManualExecutor(taskSlots);
    }

    // What the test does

    /**
     * Accepts a connection: its handler's {@code onOpen} is called.
     *
     * @param handler of the connection
     * @return the connection
     */
    public FakeConnection accept(ConnectionHandler handler) {
        FakeConnection connection = new FakeConnection(this, made++);
        connections.add(connection);
        connection.handler(handler);
        handler.onOpen(connection);
        connection.flush();
        return connection;
    }

    /**
     * Runs tasks until none is left.
     *
     * @return how many ran
     */
    public int runTasks() {
        return tasks.runAll();
    }

    /**
     * Turns the clock a millisecond at a time, running tasks, and what is due, on the way.
     *
     * @param ns nanoseconds
     */
    public void advance(long ns) {
        long endNs = clock.nowNs() + ns;
        while (endNs - clock.nowNs() > 0) {
            timers.advance(Math.min(STEP_NS, endNs - clock.nowNs()));
            List.copyOf(connections).forEach(FakeConnection::fireIfDue);
            tasks.runAll();
        }
    }

    /**
     * Rejects tasks and timers, as a stopped or overloaded reactor does, or no longer.
     *
     * @param on whether to reject
     */
    public void rejecting(boolean on) {
        tasks.rejecting(on);
        rejecting = on;
    }

    /**
     * What {@link #connect} leads to from now on.
     *
     * @param status OK, or the {@link Status} that it fails with
     */
    public void connectStatus(int status) {
        connectStatus = status;
    }

    /**
     * The connections that are there.
     *
     * @return a copy, in the order of their making
     */
    public List<FakeConnection> connections() {
        return List.copyOf(connections);
    }

    /**
     * A counter's value.
     *
     * @param counter its name
     * @return 0 if nothing was counted
     */
    public long count(String counter) {
        return counters.counter(counter).get();
    }

    /**
     * Fails if a buffer of this reactor has not been given back.
     *
     * @throws AssertionError with the places where the missing ones were acquired
     */
    public void assertNoLeaks() {
        memory.assertNoLeaks();
    }

    void gone(FakeConnection connection) {
        connections.remove(connection);
    }

    // What the bundle sees

    @Override
    public void execute(Runnable task) {
        tasks.execute(task);
    }

    @Override
    public Cancelable schedule(Runnable task, long delayNs) {
        if (rejecting) {
            throw new RejectedExecutionException("rejecting, as the test wants");
        }
        return timers.schedule(task, delayNs);
    }

    @Override
    public int index() {
        return 0;
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
        return clock.nowNs();
    }

    /** The outcome comes with {@link #runTasks}. */
    @Override
    public Cancelable connect(SocketAddress remote, ConnectionHandler handler) {
        boolean[] over = new boolean[1];
        tasks.execute(() -> {
            if (over[0]) {
                return;
            }
            over[0] = true;
            if (connectStatus == Status.OK) {
                accept(handler);
            } else {
                handler.onConnectFailed(connectStatus);
            }
        });
        return () -> {
            boolean pending = !over[0];
            over[0] = true;
            return pending;
        };
    }

    @Override
    public void forEachConnection(Consumer<Connection> visitor) {
        connections().forEach(visitor);
    }

    @Override
    public String probeName() {
        return "reactor-0";
    }

    @Override
    public Map<String, Object> probe() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("connections", connections.size());
        state.put("tasks", tasks.waiting());
        state.putAll(counters.read());
        return state;
    }
}
