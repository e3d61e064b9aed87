package io.hioload.bench.jmh;

import io.hioload.buffer.BufferPoolManager;
import io.hioload.buffer.PoolSettings;
import io.hioload.concurrent.Cancelable;
import io.hioload.reactor.IdlePolicy;
import io.hioload.reactor.Reactor;
import io.hioload.reactor.ReactorGroup;
import io.hioload.reactor.ReactorSettings;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportSelection;
import io.hioload.transport.TransportSettings;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The reactor's ring of tasks and its timer wheel, on a running reactor with its transport. The reactor spins, so that what is
 * measured is neither a system call to wake it nor its sleep.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReactorBenchmark {

    private static final int BATCH = 1024;
    private static final long TIMER_NS = 1_000_000_000L;
    private static final long HOUR_NS = 3_600_000_000_000L;

    /** Timers that are set all the time. */
    @Param({"0", "100000"})
    public int standing;

    private BufferPoolManager memory;
    private ReactorGroup group;
    private Reactor reactor;
    private final Runnable count = this::count;
    private final Runnable nothing = () -> {
    };
    private final Runnable timers = this::timers;
    private long asked;
    private volatile long ran;

    /**
     * Starts a reactor.
     *
     * @throws TransportException if there is no usable transport
     */
    @Setup
    public void setUp() throws TransportException {
        RuntimeProviders parts = Parts.load();
        memory = parts.pools().open(PoolSettings.DEFAULT);
        ReactorSettings settings = new ReactorSettings("jmh", 1, ReactorSettings.DEFAULT_MAX_CONNECTIONS, false, IdlePolicy.LATENCY,
                ReactorSettings.DEFAULT_EVENTS_PER_TURN, ReactorSettings.DEFAULT_TASK_QUEUE_SLOTS, ReactorSettings.DEFAULT_HIGH_WATER_BYTES,
                ReactorSettings.DEFAULT_LOW_WATER_BYTES, ReactorSettings.DEFAULT_LINGER_NS, TransportSettings.DEFAULT);
        group = parts.reactors().open(settings, TransportSelection.select(TransportSelection.AUTO, parts.transports()).chosen(), memory,
                parts.affinity());
        reactor = group.reactors().getFirst();
        asked = 1;
        reactor.execute(() -> {
            for (int i = 0; i < standing; i++) {
                reactor.schedule(nothing, HOUR_NS + i * 1_000_000L);
            }
            count();
        });
        await();
    }

    /** Stops it. */
    @TearDown
    public void tearDown() {
        group.close();
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    private void count() {
        ran = ran + 1;
    }

    private void timers() {
        for (int i = 0; i < BATCH; i++) {
            Cancelable timer = reactor.schedule(nothing, TIMER_NS);
            timer.cancel();
        }
        count();
    }

    private void await() {
        while (ran != asked) {
            Thread.onSpinWait();
        }
    }

    /** A task from another thread: into the ring, out of it, run. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void task() {
        asked += BATCH;
        for (int i = 0; i < BATCH; i++) {
            reactor.execute(count);
        }
        await();
    }

    /** A task that another thread waits for, there and back. */
    @Benchmark
    public void roundTrip() {
        asked++;
        reactor.execute(count);
        await();
    }

    /** A timer set and called off, on the reactor's own thread. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void timer() {
        asked++;
        reactor.execute(timers);
        await();
    }
}
