package io.hioload.protocol.internal;

import io.hioload.buffer.Buffer;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;

/**
 * Prints nanoseconds per message, best of several runs on one thread; no test. From this module, after test-compile:
 * {@code java <jvm.flags of the root pom> -cp target/classes:target/test-classes:<api>:<agrona> <this class>}.
 */
final class CodecTimings {

    private static final int RUNS = 12;
    private static final long BYTES_PER_RUN = 200L << 20;
    private static final int INPUT_BYTES = 64 << 10;

    private final CountingPool pool = new CountingPool();
    private final AllocationTest.Silent silent = new AllocationTest.Silent();
    private final Buffer input = pool.acquire(INPUT_BYTES);

    private CodecTimings() {
    }

    /** Runs all. */
    public static void main(String[] args) {
        CodecTimings timings = new CodecTimings();
        for (int length : new int[]{64, 512, 16 << 10}) {
            timings.decode("binary", Role.SERVER, Opcode.BINARY, new byte[length]);
            timings.decode("ASCII text", Role.SERVER, Opcode.TEXT, filled("The quick brown fox. ", length));
            timings.decode("accented text", Role.SERVER, Opcode.TEXT, filled("Die Grüße der Mäuse. ", length));
            timings.decode("CJK text", Role.SERVER, Opcode.TEXT, filled("日本語のテキスト、", length));
            timings.decode("emoji text", Role.SERVER, Opcode.TEXT, filled("\uD83D\uDE80\uD83D\uDE00\uD83C\uDF89", length));
            timings.decode("ASCII text, client", Role.CLIENT, Opcode.TEXT, filled("The quick brown fox. ", length));
            timings.decodeInTwoPieces(length);
            timings.encode(Role.SERVER, length);
            timings.encode(Role.CLIENT, length);
        }
    }

    private static byte[] filled(String text, int length) {
        byte[] unit = Wire.utf8(text);
        byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) 'a');
        for (int at = 0; at + unit.length <= length; at += unit.length) {
            System.arraycopy(unit, 0, bytes, at, unit.length);
        }
        return bytes;
    }

    /** The key is 0, so that the same bytes can be decoded again; it is applied like any other. */
    private void decode(String what, Role role, int opcode, byte[] payload) {
        Wire plain = new Wire(Role.CLIENT).frame(Wire.FIN | opcode, payload);
        byte[] frame = plain.bytes();
        int header = frame.length - payload.length;
        int size = role == Role.SERVER ? frame.length + 4 : frame.length;
        int messages = Math.max(1, Math.min(64, INPUT_BYTES / size));
        input.memory().setMemory(0, INPUT_BYTES, (byte) 0);
        for (int m = 0; m < messages; m++) {
            int at = m * size;
            input.memory().putBytes(at, frame, 0, header);
            if (role == Role.SERVER) {
                input.memory().putByte(at + 1, (byte) (frame[1] | 0x80));
            }
            input.memory().putBytes(at + size - payload.length, payload);
        }
        Rfc6455Decoder decoder = new Rfc6455Decoder(role, FrameLimits.DEFAULT, pool);
        int rounds = (int) Math.min(400_000, BYTES_PER_RUN / (size * messages) + 1);
        double best = Double.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            long begin = System.nanoTime();
            for (int r = 0; r < rounds; r++) {
                decoder.decode(silent, input, 0, size * messages);
            }
            best = Math.min(best, (double) (System.nanoTime() - begin) / ((long) rounds * messages));
        }
        System.out.printf("decode %-20s %6d B %9.1f ns%n", what, payload.length, best);
    }

    /** Binary, cut in the middle of the payload: one copy, one buffer acquired and released. */
    private void decodeInTwoPieces(int length) {
        byte[] frame = new Wire(Role.SERVER).frame(Wire.FIN | Opcode.BINARY, new byte[length]).bytes();
        Buffer first = pool.acquire(frame.length);
        Buffer second = pool.acquire(frame.length);
        int half = frame.length / 2;
        first.memory().putBytes(0, frame, 0, half);
        second.memory().putBytes(0, frame, half, frame.length - half);
        Rfc6455Decoder decoder = new Rfc6455Decoder(Role.SERVER, FrameLimits.DEFAULT, pool);
        int rounds = (int) Math.min(5_000_000, BYTES_PER_RUN / length);
        double best = Double.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            long begin = System.nanoTime();
            for (int r = 0; r < rounds; r++) {
                decoder.decode(silent, first, 0, half);
                decoder.decode(silent, second, 0, frame.length - half);
            }
            best = Math.min(best, (double) (System.nanoTime() - begin) / rounds);
        }
        first.release();
        second.release();
        System.out.printf("decode %-20s %6d B %9.1f ns%n", "binary in two pieces", length, best);
    }

    private void encode(Role role, int length) {
        Rfc6455Encoder encoder = new Rfc6455Encoder(role);
        Buffer payload = pool.acquire(length);
        int rounds = (int) Math.min(10_000_000, BYTES_PER_RUN / length);
        double best = Double.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            long begin = System.nanoTime();
            for (int r = 0; r < rounds; r++) {
                encoder.encode(input.memory(), r & 63, Opcode.BINARY, true, payload.memory(), 0, length);
            }
            best = Math.min(best, (double) (System.nanoTime() - begin) / rounds);
        }
        payload.release();
        System.out.printf("encode %-20s %6d B %9.1f ns%n", role, length, best);
    }
}
