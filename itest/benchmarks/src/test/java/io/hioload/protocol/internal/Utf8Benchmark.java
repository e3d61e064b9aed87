package io.hioload.protocol.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

/** The check of UTF-8 alone, in the package of what it measures. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Utf8Benchmark {

    /** Payload. */
    @Param({"64", "512", "16384"})
    public int sizeBytes;

    /** Characters of one byte; of two, three and four; or mostly of one. */
    @Param({"ascii", "unicode", "mixed"})
    public String text;

    private UnsafeBuffer payload;

    /** Fills the payload, cut where a character ends, with spaces behind. */
    @Setup
    public void setUp() {
        String sample = switch (text) {
            case "ascii" -> "hioload 0123456789 ";
            case "unicode" -> "\u00e9\u4e16\u754c\ud83d\ude80";
            default -> "plain words, and then one \u4e16 between them ";
        };
        byte[] unit = sample.getBytes(StandardCharsets.UTF_8);
        payload = new UnsafeBuffer(ByteBuffer.allocateDirect(sizeBytes));
        for (int i = 0; i < sizeBytes; i++) {
            payload.putByte(i, i / unit.length < sizeBytes / unit.length ? unit[i % unit.length] : (byte) ' ');
        }
    }

    /**
     * A whole message.
     *
     * @return whether it is UTF-8
     */
    @Benchmark
    public boolean isValid() {
        return Utf8Validator.isValid(payload.addressOffset(), sizeBytes);
    }
}
