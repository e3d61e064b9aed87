package io.hioload.executor.internal;

import io.hioload.affinity.Affinity;
import io.hioload.affinity.Placement;
import io.hioload.affinity.PlacementPlan;
import io.hioload.concurrent.WorkerPool;
import io.hioload.concurrent.WorkerSettings;
import io.hioload.control.LogLimit;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Workers in sets, one for each NUMA node on which the placement puts any. Pinned workers are spread over the machine and
 * have a queue for each node; workers that are not pinned run anywhere, so all of them share one queue.
 *
 * <p>Owns its threads, which start with the first task: a process that never has one has none of them. A task that was offered in the moment of closing is run by who closes or, if that one has gone already,
 * by who offered it.
 */
final class NumaWorkerPool implements WorkerPool {

    private static final Logger LOG = System.getLogger(NumaWorkerPool.class.getName());
    private static final long CLOSE_MS = 5_000;
    /** Where unpinned workers are. */
    private static final int ANYWHERE = 0;

    private final String name;
    private final LogLimit failures = new LogLimit(LOG);
    private final AtomicInteger sleepers = new AtomicInteger();
    private final AtomicInteger turn = new AtomicInteger();
    private final LongAdder ran = new LongAdder();
    private final LongAdder helped = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    /** Workers that have not ended yet, retired ones included. Guarded by itself. */
    private final List<Worker> alive = new ArrayList<>();
    /** Those with workers, in the order of their number. */
    private volatile NodeQueue[] active = {};
    /** Every queue there ever was: what waits in one that has no workers any more, the others run. */
    private volatile NodeQueue[] all = {};
    private volatile WorkerSettings settings;
    /** Null if there is none. */
    private volatile Affinity affinity;
    private volatile String pinProblem = "";
    private volatile String planNote = "";
    private volatile boolean closed;
    /** Whether there ever was a task. */
    private volatile boolean started;
    private int threadsMade;

    NumaWorkerPool(WorkerSettings settings, Affinity affinity) {
        this.name = settings.name();
        this.affinity = affinity;
        configure(settings);
    }

    /** Another one, or none, from now on. */
    synchronized void affinity(Affinity now) {
        affinity = now;
        configure(settings);
    }

    @Override
    public synchronized void configure(WorkerSettings next) {
        if (closed) {
            return;
        }
        Affinity placer = affinity;
        boolean pin = next.pinned() && placer != null;
        int count = next.workers() > 0 ? next.workers()
                : placer != null ? placer.limits().parallelism() : Runtime.getRuntime().availableProcessors();
        PlacementPlan plan = pin ? placer.plan(Placement.SPREAD, count) : null;
        planNote = plan == null ? "" : plan.note();
        Map<Integer, List<Worker>> byNode = new TreeMap<>();
        List<Worker> spare = new ArrayList<>();
        for (NodeQueue queue : active) {
            spare.addAll(Arrays.asList(queue.workers()));
        }
        List<Worker> fresh = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int cpu = plan == null ? 0 : plan.cpu(i);
            NodeQueue queue = queueOf(plan == null ? ANYWHERE : plan.node(i), next.queueTasks());
            Worker worker = takePlacedLike(spare, queue, cpu, pin);
            if (worker == null) {
                worker = new Worker(name + "-" + threadsMade++, this, queue, cpu, pin);
                fresh.add(worker);
            }
            byNode.computeIfAbsent(queue.node(), node -> new ArrayList<>()).add(worker);
        }
        for (NodeQueue queue : all) {
            queue.workers(new Worker[0]);
        }
        List<NodeQueue> queues = new ArrayList<>();
        byNode.forEach((node, workers) -> {
            NodeQueue queue = queueOf(node, next.queueTasks());
            queue.limit(next.queueTasks());
            queue.workers(workers.toArray(Worker[]::new));
            queues.add(queue);
        });
        active = queues.toArray(NodeQueue[]::new);
        settings = new WorkerSettings(name, next.workers(), next.queueTasks(), next.pinned());
        if (started) {
            start(fresh);
        }
        spare.forEach(Worker::retire);
    }

    private void start(List<Worker> fresh) {
        synchronized (alive) {
            alive.addAll(fresh);
        }
        fresh.forEach(Worker::start);
    }

    private synchronized void startAll() {
        if (started || closed) {
            return;
        }
        started = true;
        for (NodeQueue queue : active) {
            start(List.of(queue.workers()));
        }
    }

    private NodeQueue queueOf(int node, int limit) {
        NodeQueue[] now = all;
        for (NodeQueue queue : now) {
            if (queue.node() == node) {
                return queue;
            }
        }
        NodeQueue[] more = Arrays.copyOf(now, now.length + 1);
        more[now.length] = new NodeQueue(node, limit);
        all = more;
        return more[now.length];
    }

    private static Worker takePlacedLike(List<Worker> spare, NodeQueue queue, int cpu, boolean pin) {
        for (int i = 0; i < spare.size(); i++) {
            if (spare.get(i).isPlacedLike(queue, cpu, pin)) {
                return spare.remove(i);
            }
        }
        return null;
    }

    @Override
    public void execute(Runnable task) {
        if (!offer(task)) {
            throw new RejectedExecutionException(
                    closed ? "the pool " + name + " is closed" : "all queues of the pool " + name + " are full");
        }
    }

    @Override
    public boolean offer(Runnable task) {
        Objects.requireNonNull(task, "task");
        NodeQueue[] queues = active;
        NodeQueue first = queues[0];
        if (queues.length > 1) {
            first = Thread.currentThread() instanceof Worker worker && worker.pool() == this ? worker.home()
                    : queues[Math.floorMod(turn.getAndIncrement(), queues.length)];
        }
        if (!closed) {
            if (put(first, task)) {
                return true;
            }
            for (NodeQueue other : queues) {
                if (other != first && put(other, task)) {
                    return true;
                }
            }
        }
        refused.increment();
        return false;
    }

    private boolean put(NodeQueue queue, Runnable task) {
        if (!queue.offer(task)) {
            return false;
        }
        if (!started) {
            startAll();
        }
        // Behind the swap in the ring: a worker that counted itself as a sleeper after this read finds the task.
        if (sleepers.get() != 0) {
            wakeFor(queue);
        }
        if (closed) {
            runAll();
        }
        return true;
    }

    private void wakeFor(NodeQueue queue) {
        if (queue.wakeOne()) {
            return;
        }
        for (NodeQueue other : active) {
            if (other != queue && other.wakeOne()) {
                return;
            }
        }
    }

    @Override
    public Executor node(int node) {
        for (NodeQueue queue : active) {
            if (queue.node() == node) {
                return task -> executeOn(queue, task);
            }
        }
        throw new IllegalArgumentException("no workers on node " + node + ", there are some on " + Arrays.toString(nodes()));
    }

    private void executeOn(NodeQueue queue, Runnable task) {
        Objects.requireNonNull(task, "task");
        if (closed || !put(queue, task)) {
            refused.increment();
            throw new RejectedExecutionException(
                    closed ? "the pool " + name + " is closed" : "the queue of node " + queue.node() + " of the pool " + name + " is full");
        }
    }

    @Override
    public int[] nodes() {
        return Arrays.stream(active).mapToInt(NodeQueue::node).toArray();
    }

    // What workers ask

    Runnable next(NodeQueue home) {
        Runnable task = home.poll();
        if (task != null) {
            return task;
        }
        NodeQueue[] queues = all;
        if (queues.length > 1) {
            for (NodeQueue queue : queues) {
                task = queue == home ? null : queue.poll();
                if (task != null) {
                    helped.increment();
                    return task;
                }
            }
        }
        return null;
    }

    boolean isIdle() {
        for (NodeQueue queue : all) {
            if (!queue.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    void sleepers(int change) {
        sleepers.getAndAdd(change);
    }

    boolean isClosed() {
        return closed;
    }

    void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            failed.increment();
            failures.failed(task, "a task", e);
        } finally {
            ran.increment();
        }
    }

    void pin(int cpu) {
        Affinity placer = affinity;
        if (placer != null && !placer.pin(cpu)) {
            String problem = placer.limitation();
            if (!problem.equals(pinProblem)) {
                pinProblem = problem;
                LOG.log(Level.WARNING, "workers " + name + " are not pinned: " + problem);
            }
        }
    }

    void gone(Worker worker) {
        synchronized (alive) {
            alive.remove(worker);
        }
        // It may have taken a wake-up with it.
        if (!isIdle()) {
            wakeFor(worker.home());
        }
    }

    @Override
    public long refused() {
        return refused.sum();
    }

    @Override
    public WorkerSettings settings() {
        return settings;
    }

    @Override
    public String probeName() {
        return "workers-" + name;
    }

    @Override
    public Map<String, Object> probe() {
        Map<String, Object> state = new LinkedHashMap<>();
        List<Map<String, Object>> nodes = new ArrayList<>();
        for (NodeQueue queue : active) {
            Map<String, Object> node = new LinkedHashMap<>();
            node.put("node", queue.node());
            node.put("workers", queue.workers().length);
            node.put("queued", queue.queued());
            nodes.add(Collections.unmodifiableMap(node));
        }
        state.put("nodes", nodes);
        synchronized (alive) {
            state.put("threads", alive.size());
        }
        state.put("sleeping", sleepers.get());
        state.put("queueTasks", settings.queueTasks());
        state.put("ran", ran.sum());
        state.put("helpedOtherNodes", helped.sum());
        state.put("failures", failed.sum());
        state.put("refused", refused.sum());
        state.put("pinned", settings.pinned());
        state.put("pinProblem", affinity == null && settings.pinned() ? "no affinity" : pinProblem);
        state.put("placement", planNote);
        state.put("closed", closed);
        return state;
    }

    @Override
    public void close() {
        List<Worker> left;
        synchronized (this) {
            closed = true;
            synchronized (alive) {
                left = List.copyOf(alive);
            }
        }
        left.forEach(Worker::wake);
        long deadlineNs = System.nanoTime() + CLOSE_MS * 1_000_000;
        try {
            for (Worker worker : left) {
                worker.join(Math.max(1, (deadlineNs - System.nanoTime()) / 1_000_000));
            }
            for (Worker worker : left) {
                if (worker.isAlive()) {
                    LOG.log(Level.WARNING, "a worker of " + name + " is interrupted: it did not end within " + CLOSE_MS + " ms");
                    worker.interrupt();
                }
            }
        } catch (InterruptedException e) {
            left.forEach(Worker::interrupt);
            Thread.currentThread().interrupt();
        }
        runAll();
    }

    /** What was accepted while the workers went. */
    private void runAll() {
        for (NodeQueue queue : all) {
            for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
                run(task);
            }
        }
    }
}
