package io.hioload.protocol.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Masking alone, in the package of what it measures. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MaskingBenchmark {

    private static final int KEY = 0x1234_5678;

    /** Payload. */
    @Param({"64", "512", "16384"})
    public int sizeBytes;

    private UnsafeBuffer payload;
    private UnsafeBuffer copy;

    /** Makes a payload that no word boundary fits. */
    @Setup
    public void setUp() {
        payload = new UnsafeBuffer(ByteBuffer.allocateDirect(sizeBytes + 8), 6, sizeBytes);
        copy = new UnsafeBuffer(ByteBuffer.allocateDirect(sizeBytes + 8), 2, sizeBytes);
    }

    /**
     * Where it lies.
     *
     * @return what was seen
     */
    @Benchmark
    public long unmask() {
        return Masking.unmask(payload.addressOffset(), sizeBytes, KEY);
    }

    /**
     * With a copy, as a message that arrived in pieces.
     *
     * @return what was seen
     */
    @Benchmark
    public long copyUnmasked() {
        return Masking.copyUnmasked(payload.addressOffset(), copy.addressOffset(), sizeBytes, KEY);
    }

    /**
     * A client's fresh key, which nobody can predict.
     *
     * @return the key
     */
    @Benchmark
    public int key() {
        return MaskKeys.next();
    }
}
