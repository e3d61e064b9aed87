package io.hioload.protocol.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.buffer.Buffer;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.Role;

/** One connection's decoder with what it needs. */
final class Feed {

    static final FrameLimits LIMITS = new FrameLimits(1 << 20, 1 << 20, 1_000);

    final CountingPool pool;
    final Rfc6455Decoder decoder;
    final Recorder recorder;

    Feed(Role role) {
        this(role, LIMITS, new CountingPool());
    }

    Feed(Role role, FrameLimits limits, CountingPool pool) {
        this.pool = pool;
        this.decoder = new Rfc6455Decoder(role, limits, pool);
        this.recorder = new Recorder();
    }

    private Feed(Feed other, Recorder recorder) {
        this.pool = other.pool;
        this.decoder = other.decoder;
        this.recorder = recorder;
    }

    /** Another connection of the same decoder. */
    Feed another() {
        return new Feed(this, new Recorder());
    }

    /** A connection that another decoder has served so far. */
    Feed takingOver(Feed from) {
        if (from.recorder.partial != null) {
            decoder.takeOver(from.recorder.partial);
        }
        return new Feed(this, from.recorder);
    }

    /** Feeds a range in a buffer of its own, at an odd offset. Returns what was consumed. */
    int feed(byte[] bytes, int from, int to) {
        Buffer buffer = pool.acquire(to - from + 3);
        buffer.memory().putBytes(3, bytes, from, to - from);
        try {
            return decoder.decode(recorder, buffer, 3, to - from);
        } finally {
            buffer.release();
        }
    }

    Feed feed(byte[] bytes) {
        feed(bytes, 0, bytes.length);
        return this;
    }

    /** Feeds in pieces; ends when the connection is over. */
    Feed feedPieces(byte[] bytes, int pieceLength) {
        for (int i = 0; i < bytes.length && !recorder.isOver(); i += pieceLength) {
            feed(bytes, i, Math.min(bytes.length, i + pieceLength));
        }
        return this;
    }

    void expectEvents(String... events) {
        assertEquals(java.util.List.of(events), recorder.events);
        assertEquals(null, recorder.partial);
    }

    void expect(String... events) {
        expectEvents(events);
        expectNothingKept();
    }

    void expectViolation(int code) {
        assertEquals(code, recorder.violation, () -> "events " + recorder.events);
        expectNothingKept();
    }

    void expectNothingKept() {
        assertEquals(null, recorder.partial);
        assertEquals(0, pool.inUse);
    }
}
