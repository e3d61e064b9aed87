package io.hioload.session.internal;

import io.hioload.buffer.BufferPool;
import io.hioload.concurrent.Cancelable;
import io.hioload.control.Counters;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.Reactor;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** A reactor whose thread is the test's, and whose clock the test turns. */
final class FakeReactor implements Reactor {

    static final int QUEUE_SLOTS = 1 << 12;

    final FakePool pool = new FakePool();
    final Counters counters = new Counters();
    final List<FakeConnection> connections = new ArrayList<>();
    final BlockingQueue<Runnable> tasks = new ArrayBlockingQueue<>(QUEUE_SLOTS);
    volatile boolean rejecting;
    private final Thread thread = Thread.currentThread();
    private final List<Runnable> timers = new ArrayList<>();
    private final List<Long> timerDeadlines = new ArrayList<>();
    private long nowNs = -5_000_000_000L;

    /** Turns the clock, firing what is due on the way, a millisecond at a time. */
    void advance(long ns) {
        long end = nowNs + ns;
        while (nowNs < end) {
            nowNs = Math.min(end, nowNs + 1_000_000);
            for (FakeConnection connection : List.copyOf(connections)) {
                connection.fireIfDue(nowNs);
            }
            synchronized (timers) {
                for (int i = timers.size() - 1; i >= 0; i--) {
                    if (timerDeadlines.get(i) <= nowNs) {
                        timerDeadlines.remove(i);
                        tasks.add(timers.remove(i));
                    }
                }
            }
            runTasks();
        }
    }

    void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    long count(String counter) {
        return counters.counter(counter).get();
    }

    @Override
    public void execute(Runnable task) {
        if (rejecting || !tasks.offer(task)) {
            throw new RejectedExecutionException("full");
        }
    }

    @Override
    public Cancelable schedule(Runnable task, long delayNs) {
        if (rejecting) {
            throw new RejectedExecutionException("full");
        }
        synchronized (timers) {
            timers.add(task);
            timerDeadlines.add(nowNs + delayNs);
        }
        return () -> false;
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
        return pool;
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
    public Cancelable connect(SocketAddress remote, ConnectionHandler handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void forEachConnection(Consumer<Connection> visitor) {
        List.copyOf(connections).forEach(visitor);
    }

    @Override
    public String probeName() {
        return "fake";
    }

    @Override
    public Map<String, Object> probe() {
        return Map.of();
    }
}
