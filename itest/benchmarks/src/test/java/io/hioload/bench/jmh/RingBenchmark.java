package io.hioload.bench.jmh;

import io.hioload.concurrent.Batch;
import io.hioload.concurrent.Ring;
import io.hioload.concurrent.Rings;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Control;

/** Rings: an element into one and out of it again, on one thread, which is what the instructions cost, and between two. */
@State(Scope.Group)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RingBenchmark {

    private static final int BATCH = 64;
    private static final int SLOTS = 4096;

    /** How many producers and consumers it is made for. */
    @Param({"spsc", "mpsc", "mpmc"})
    public String kind;

    private final Object element = new Object();
    private final Batch<Object> batch = new Batch<>(BATCH);
    private Ring<Object> ring;

    /** Makes an empty ring. */
    @Setup
    public void setUp() {
        ring = switch (kind) {
            case "spsc" -> Rings.spsc(SLOTS);
            case "mpsc" -> Rings.mpsc(SLOTS);
            default -> Rings.mpmc(SLOTS);
        };
    }

    /**
     * In batches, by one thread.
     *
     * @return how many came out
     */
    @Benchmark
    @Group("alone")
    @OperationsPerInvocation(BATCH)
    public int offerAndDrain() {
        for (int i = 0; i < BATCH; i++) {
            ring.offer(element);
        }
        int drained = ring.drain(batch);
        batch.clear();
        return drained;
    }

    /**
     * The producer of two threads: for each element, waiting included when the ring is full.
     *
     * @param control tells when it is over
     */
    @Benchmark
    @Group("between")
    @GroupThreads(1)
    @OperationsPerInvocation(BATCH)
    public void offer(Control control) {
        for (int i = 0; i < BATCH; i++) {
            while (!ring.offer(element) && !control.stopMeasurement) {
                Thread.onSpinWait();
            }
        }
    }

    /**
     * The consumer of two threads: for each element, waiting included when the ring is empty.
     *
     * @param control tells when it is over
     */
    @Benchmark
    @Group("between")
    @GroupThreads(1)
    @OperationsPerInvocation(BATCH)
    public void drain(Control control) {
        for (int drained = 0; drained < BATCH && !control.stopMeasurement;) {
            int moved = ring.drain(batch);
            drained += moved;
            batch.clear();
            if (moved == 0) {
                Thread.onSpinWait();
            }
        }
    }
}
