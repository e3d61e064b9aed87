package io.hioload.itest.fuzz;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.FrameDecoder;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.Role;
import io.hioload.testkit.buffer.CheckedBufferPool;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;

/**
 * The frame decoder in both roles: whatever the bytes and however they are cut, it hears what {@link FrameReference} reads,
 * holds no more memory than has arrived, and gives all of it back. The first two bytes of an input choose role, limits,
 * how it is cut, whether messages may be marked by an extension, and how often the listener stops; the rest comes from the
 * wire. One thread.
 */
public final class FrameFuzz {

    private static final FrameLimits WIDE = new FrameLimits(1 << 20, 1 << 20, 1_000);
    private static final FrameLimits NARROW = new FrameLimits(200, 150, 3);
    /** Up to this length every size of a piece is tried. */
    private static final int EVERY_PIECE_BYTES = 48;
    private static final int SOME_PIECES = 7;
    /** What a decoder may hold beside twice what has arrived: the first assembly buffer and a control frame. */
    private static final int ALLOWANCE_BYTES = 512 + 125;
    private static final int LITTLE_MEMORY_BYTES = 600;
    private static final int NEVER = Integer.MAX_VALUE;
    private static final String NO_MEMORY = FrameLog.violation(1011);

    private static final CheckedBufferPoolManager MEMORY = new CheckedBufferPoolManager();
    private static final CheckedBufferPoolManager LITTLE = new CheckedBufferPoolManager(LITTLE_MEMORY_BYTES);

    private final FrameDecoder[] decoders = new FrameDecoder[8];
    private final BufferPool inputs = MEMORY.confined(0);
    private final FrameCodecProvider codecs = ServiceLoader.load(FrameCodecProvider.class).findFirst().orElseThrow();

    private static FrameFuzz fuzz;

    private FrameFuzz() {
    }

    /** Called by Jazzer before the first input, on the thread of all of them. */
    public static void fuzzerInitialize() {
        fuzz = new FrameFuzz();
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length >= 2) {
            fuzz.input(data[0], data[1] & 0xFF, Arrays.copyOfRange(data, 2, data.length));
        }
    }

    private void input(int mode, int cut, byte[] wire) {
        Role role = (mode & 1) == 0 ? Role.SERVER : Role.CLIENT;
        FrameLimits limits = (mode & 2) == 0 ? WIDE : NARROW;
        boolean extension = (mode & 8) != 0;
        int stopEvery = (mode & 4) == 0 ? NEVER : 1 + (mode >> 4 & 3);
        FrameDecoder decoder = decoder(role, limits, mode & 3, MEMORY);
        List<String> expected = FrameReference.events(role, extension, limits, wire);
        FrameLog whole = expect(expected, decode(decoder, new FrameLog(extension, NEVER), wire, wire.length), wire.length);
        for (int piece : new int[]{1, 1 + cut % 7, 1 + cut}) {
            FrameLog pieces = expect(expected, decode(decoder, new FrameLog(extension, stopEvery), wire, piece), piece);
            if (!Objects.equals(whole.rule(), pieces.rule())) {
                throw new AssertionError("whole: " + whole.rule() + ", in pieces of " + piece + ": " + pieces.rule());
            }
        }
        int step = wire.length <= EVERY_PIECE_BYTES ? 1 : wire.length / SOME_PIECES;
        for (int piece = 1 + cut % step; piece < wire.length; piece += step) {
            expect(expected, decode(decoder, new FrameLog(extension, stopEvery), wire, piece), piece);
        }
        FrameLog little = decode(decoder(role, limits, 4 + (mode & 3), LITTLE), new FrameLog(extension, NEVER), wire, 1 + cut);
        expectWithLittleMemory(expected, little.events);
    }

    private static FrameLog expect(List<String> expected, FrameLog log, int piece) {
        if (!expected.equals(log.events)) {
            throw new AssertionError("expected " + expected + ", in pieces of " + piece + " it was " + log.events + " " + log.rule());
        }
        return log;
    }

    /** It hears the same as long as there is memory, and then nothing but that there is none. */
    private static void expectWithLittleMemory(List<String> expected, List<String> heard) {
        boolean ranOut = !heard.isEmpty() && heard.getLast().equals(NO_MEMORY);
        List<String> before = ranOut ? heard.subList(0, heard.size() - 1) : heard;
        if (!before.equals(ranOut ? expected.subList(0, Math.min(expected.size(), before.size())) : expected)) {
            throw new AssertionError("expected " + expected + ", with little memory it was " + heard);
        }
    }

    /** Decodes in pieces of one size; each lies in memory that holds nothing else afterwards, as a reused buffer does. */
    private FrameLog decode(FrameDecoder decoder, FrameLog log, byte[] wire, int piece) {
        Buffer input = inputs.acquire(Math.max(1, wire.length));
        for (int from = 0; from < wire.length && !log.over(); from += piece) {
            int to = (int) Math.min(wire.length, (long) from + piece);
            input.memory().putBytes(from, wire, from, to - from);
            for (int at = from; at < to && !log.over();) {
                int consumed = decoder.decode(log, input, at, to - at);
                if (!log.over() && (consumed <= 0 || consumed > to - at)) {
                    throw new AssertionError("consumed " + consumed + " of " + (to - at));
                }
                at += consumed;
            }
            input.memory().setMemory(from, to - from, CheckedBufferPool.POISON);
            long held = MEMORY.gauges().inUseBytes() - input.capacity() + LITTLE.gauges().inUseBytes();
            if (held > 2L * to + ALLOWANCE_BYTES) {
                throw new AssertionError("holds " + held + " bytes when " + to + " have arrived");
            }
        }
        input.release();
        if (log.partial() != null) {
            if (log.over()) {
                throw new AssertionError("an unfinished message after " + log.events.getLast());
            }
            log.partial().discard();
        }
        MEMORY.assertNoLeaks();
        LITTLE.assertNoLeaks();
        return log;
    }

    private FrameDecoder decoder(Role role, FrameLimits limits, int index, CheckedBufferPoolManager memory) {
        if (decoders[index] == null) {
            decoders[index] = codecs.decoder(role, limits, memory.confined(0));
        }
        return decoders[index];
    }
}
