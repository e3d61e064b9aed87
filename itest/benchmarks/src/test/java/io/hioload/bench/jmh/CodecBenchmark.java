package io.hioload.bench.jmh;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.buffer.PoolSettings;
import io.hioload.protocol.FrameDecoder;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.FrameListener;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.PartialMessage;
import io.hioload.protocol.Role;
import io.hioload.reactor.RuntimeProviders;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One frame of {@link #sizeBytes}. Decoding changes its input, so a masked frame is decoded with the payload that the last
 * decoding left: unmasked twice it is the first one again, and for the text benchmarks, where it must always be UTF-8, the frame
 * is copied in first; {@link #copy} is what that costs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark implements FrameListener {

    /** Payload. */
    @Param({"64", "512", "16384"})
    public int sizeBytes;

    private BufferPoolManager memory;
    private FrameDecoder decoder;
    private FrameEncoder serverEncoder;
    private FrameEncoder clientEncoder;
    private Buffer binaryFrame;
    private Buffer input;
    private UnsafeBuffer asciiFrame;
    private UnsafeBuffer unicodeFrame;
    private UnsafeBuffer payload;
    private int frameLength;
    private PartialMessage partial;
    private int delivered;

    /** Makes the frames. */
    @Setup
    public void setUp() {
        RuntimeProviders parts = Parts.load();
        memory = parts.pools().open(PoolSettings.DEFAULT);
        decoder = parts.codecs().decoder(Role.SERVER, FrameLimits.DEFAULT, memory.confined(0));
        serverEncoder = parts.codecs().encoder(Role.SERVER);
        clientEncoder = parts.codecs().encoder(Role.CLIENT);
        binaryFrame = memory.shared(0).acquire(sizeBytes + FrameEncoder.MAX_HEADER_BYTES);
        input = memory.shared(0).acquire(sizeBytes + FrameEncoder.MAX_HEADER_BYTES);
        payload = new UnsafeBuffer(text("hioload 0123456789 "));
        frameLength = clientEncoder.encode(binaryFrame.memory(), 0, Opcode.BINARY, true, payload, 0, sizeBytes);
        asciiFrame = textFrame(text("hioload 0123456789 "));
        unicodeFrame = textFrame(text("\u00e9\u4e16\u754c\ud83d\ude80 a"));
    }

    /** The sample again and again, cut where a character ends, filled up with spaces. */
    private byte[] text(String sample) {
        byte[] unit = sample.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[sizeBytes];
        for (int i = 0; i < sizeBytes; i++) {
            bytes[i] = i / unit.length < sizeBytes / unit.length ? unit[i % unit.length] : (byte) ' ';
        }
        return bytes;
    }

    private UnsafeBuffer textFrame(byte[] text) {
        UnsafeBuffer frame = new UnsafeBuffer(new byte[sizeBytes + FrameEncoder.MAX_HEADER_BYTES]);
        clientEncoder.encode(frame, 0, Opcode.TEXT, true, new UnsafeBuffer(text), 0, sizeBytes);
        return frame;
    }

    /** Gives the memory back. */
    @TearDown
    public void tearDown() {
        binaryFrame.release();
        input.release();
        memory.close();
    }

    /**
     * Parses and unmasks in place.
     *
     * @return bytes delivered
     */
    @Benchmark
    public int decodeBinary() {
        decoder.decode(this, binaryFrame, 0, frameLength);
        return delivered;
    }

    /**
     * Copies a frame, parses, unmasks and checks one byte a character.
     *
     * @return bytes delivered
     */
    @Benchmark
    public int copyAndDecodeAscii() {
        input.memory().putBytes(0, asciiFrame, 0, frameLength);
        decoder.decode(this, input, 0, frameLength);
        return delivered;
    }

    /**
     * Copies a frame, parses, unmasks and checks characters of one to four bytes.
     *
     * @return bytes delivered
     */
    @Benchmark
    public int copyAndDecodeUnicode() {
        input.memory().putBytes(0, unicodeFrame, 0, frameLength);
        decoder.decode(this, input, 0, frameLength);
        return delivered;
    }

    /**
     * The copy of the two above.
     *
     * @return the first byte
     */
    @Benchmark
    public byte copy() {
        input.memory().putBytes(0, asciiFrame, 0, frameLength);
        return input.memory().getByte(0);
    }

    /**
     * A server's frame: header and copy.
     *
     * @return its length
     */
    @Benchmark
    public int encodeServer() {
        return serverEncoder.encode(input.memory(), 0, Opcode.BINARY, true, payload, 0, sizeBytes);
    }

    /**
     * A client's frame: header, fresh mask, masked copy.
     *
     * @return its length
     */
    @Benchmark
    public int encodeClient() {
        return clientEncoder.encode(input.memory(), 0, Opcode.BINARY, true, payload, 0, sizeBytes);
    }

    /**
     * A server's header before a payload that is in place, as for an echo.
     *
     * @return where the frame begins
     */
    @Benchmark
    public int prependHeader() {
        return serverEncoder.prepend(input.memory(), FrameEncoder.MAX_HEADER_BYTES, Opcode.BINARY, true, sizeBytes);
    }

    @Override
    public PartialMessage partial() {
        return partial;
    }

    @Override
    public void partial(PartialMessage unfinished) {
        partial = unfinished;
    }

    @Override
    public boolean onMessage(int opcode, Buffer buffer, int offset, int length) {
        delivered = length;
        return true;
    }

    @Override
    public boolean onControl(int opcode, Buffer buffer, int offset, int length) {
        throw new AssertionError("control frame " + opcode);
    }

    @Override
    public void onClose(int code, Buffer buffer, int offset, int length) {
        throw new AssertionError("close " + code);
    }

    @Override
    public void onViolation(int code, String reason) {
        throw new AssertionError(reason);
    }
}
