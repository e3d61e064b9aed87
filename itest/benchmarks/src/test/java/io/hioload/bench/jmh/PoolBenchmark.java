package io.hioload.bench.jmh;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.buffer.PoolSettings;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Takes a buffer of 4 KiB and gives it back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PoolBenchmark {

    private static final int SIZE_BYTES = 4096;

    private BufferPoolManager memory;
    private BufferPool confined;
    private BufferPool shared;
    private Buffer held;

    /** Opens the pools. */
    @Setup
    public void setUp() {
        memory = Parts.load().pools().open(PoolSettings.DEFAULT);
        confined = memory.confined(0);
        shared = memory.shared(0);
        held = confined.acquire(SIZE_BYTES);
    }

    /** Closes them. */
    @TearDown
    public void tearDown() {
        held.release();
        memory.close();
    }

    /**
     * On the thread that the pool belongs to.
     *
     * @return where the buffer was
     */
    @Benchmark
    public long confined() {
        Buffer buffer = confined.acquire(SIZE_BYTES);
        long address = buffer.address();
        buffer.release();
        return address;
    }

    /**
     * From the pool for all threads.
     *
     * @return where the buffer was
     */
    @Benchmark
    public long shared() {
        Buffer buffer = shared.acquire(SIZE_BYTES);
        long address = buffer.address();
        buffer.release();
        return address;
    }

    /** One more owner, and one less again: two locked instructions. */
    @Benchmark
    public void retainAndRelease() {
        held.retain();
        held.release();
    }
}
