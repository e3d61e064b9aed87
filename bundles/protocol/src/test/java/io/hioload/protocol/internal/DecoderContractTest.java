package io.hioload.protocol.internal;

import static io.hioload.protocol.internal.Wire.FIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.PartialMessage;
import io.hioload.protocol.Role;
import org.junit.jupiter.api.Test;

/** Limits, memory, and what the decoder owes its listener. */
class DecoderContractTest {

    private static final FrameLimits SMALL = new FrameLimits(1_000, 600, 5);

    private static Feed small() {
        return new Feed(Role.SERVER, SMALL, new CountingPool());
    }

    private static Wire wire() {
        return new Wire(Role.SERVER);
    }

    @Test
    void shouldFailFrameBeyondItsLimitAtTheHeader() {
        small().feed(wire().frame(FIN | 2, new byte[600]).bytes()).expect(Recorder.message(2, new byte[600]));
        small().feed(wire().frame(FIN | 2, new byte[601]).bytes()).expectViolation(1009);
        Wire huge = wire();
        small().feed(huge.raw(FIN | 2, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4).bytes()).expectViolation(1009);
    }

    @Test
    void shouldFailShortFrameBeyondTinyLimit() {
        FrameLimits tiny = new FrameLimits(10, 100, 5);
        new Feed(Role.SERVER, tiny, new CountingPool()).feed(wire().frame(FIN | 9, new byte[125]).frame(FIN | 2, new byte[10]).bytes())
                .expect(Recorder.message(9, new byte[125]), Recorder.message(2, new byte[10]));
        new Feed(Role.SERVER, tiny, new CountingPool()).feed(wire().frame(FIN | 2, new byte[11]).bytes()).expectViolation(1009);
    }

    @Test
    void shouldFailMessageBeyondItsLimitOverAllFrames() {
        small().feed(wire().frame(2, new byte[500]).frame(FIN, new byte[500]).bytes()).expect(Recorder.message(2, new byte[1_000]));
        small().feed(wire().frame(2, new byte[500]).frame(FIN, new byte[501]).bytes()).expectViolation(1009);
    }

    @Test
    void shouldFailTooManyFragments() {
        small().feed(wire().frame(2).frame(0).frame(0).frame(0).frame(FIN).bytes()).expect("2 ");
        small().feed(wire().frame(2).frame(0).frame(0).frame(0).frame(0).frame(FIN).bytes()).expectViolation(1008);
    }

    @Test
    void shouldNotCountControlFramesAsFragments() {
        small().feed(wire().frame(2).frame(FIN | 9).frame(FIN | 9).frame(FIN | 9).frame(FIN | 9).frame(FIN | 9).frame(FIN).bytes())
                .expect("9 ", "9 ", "9 ", "9 ", "9 ", "2 ");
    }

    @Test
    void shouldAcquireByWhatArrivedAndNotByWhatIsAnnounced() {
        Feed feed = new Feed(Role.SERVER, FrameLimits.DEFAULT, new CountingPool());
        byte[] message = wire().frame(FIN | 2, new byte[10 << 20]).bytes();
        feed.feed(message, 0, 100);
        assertEquals(512, feed.pool.inUseBytes);
        feed.feed(message, 100, 5_000);
        assertTrue(feed.pool.inUseBytes <= 16 << 10, () -> "in use " + feed.pool.inUseBytes);
        feed.recorder.partial.discard();
        assertEquals(0, feed.pool.inUse);
    }

    @Test
    void shouldAssembleLargeMessageWithFewBuffers() {
        Feed feed = new Feed(Role.SERVER, FrameLimits.DEFAULT, new CountingPool());
        byte[] payload = new byte[10 << 20];
        new java.util.Random(3).nextBytes(payload);
        byte[] message = wire().frame(FIN | 2, payload).bytes();
        feed.feedPieces(message, 64 << 10);
        feed.expect(Recorder.message(2, payload));
        int pieces = message.length / (64 << 10) + 1;
        assertTrue(feed.pool.acquires - pieces < 10, () -> "acquires " + (feed.pool.acquires - pieces));
    }

    @Test
    void shouldFailWith1011WhenPoolIsExhausted() {
        byte[] message = wire().frame(FIN | 2, new byte[5_000]).bytes();
        for (int ceiling = 8_192; ceiling < 20_000; ceiling += 1_024) {
            Feed feed = new Feed(Role.SERVER, FrameLimits.DEFAULT, new CountingPool());
            feed.pool.ceilingBytes = ceiling;
            feed.feedPieces(message, 3_000);
            if (feed.recorder.violation != 0) {
                feed.expectViolation(1011);
            } else {
                feed.expect(Recorder.message(2, new byte[5_000]));
            }
        }
    }

    @Test
    void shouldFailWith1011WhenNothingIsLeftForControlFrame() {
        Feed feed = new Feed(Role.SERVER);
        byte[] ping = wire().frame(FIN | 9, new byte[20]).bytes();
        feed.pool.ceilingBytes = 64;
        feed.feed(ping, 0, 15);
        feed.expectViolation(1011);
    }

    @Test
    void shouldStopWhenListenerSaysSoAndGoOnWithTheRest() {
        byte[] stream = wire().text("a").frame(1, Wire.utf8("b")).frame(FIN | 9, (byte) 'p').frame(FIN, Wire.utf8("c")).text("d").bytes();
        for (int pieces : new int[]{1, 3, 7, stream.length}) {
            Feed feed = new Feed(Role.SERVER);
            int at = 0;
            int limit = Math.min(pieces, stream.length);
            while (at < stream.length) {
                feed.recorder.stopAt = feed.recorder.events.size() + 1;
                at += feed.feed(stream, at, limit);
                limit = at == limit ? Math.min(stream.length, at + pieces) : limit;
            }
            feed.expect("1 a", "9 70", "1 bc", "1 d");
        }
    }

    @Test
    void shouldReportWhatWasConsumedWhenStopped() {
        byte[] first = wire().text("one").bytes();
        byte[] stream = wire().text("one").text("two").bytes();
        Feed feed = new Feed(Role.SERVER);
        feed.recorder.stopAt = 1;
        assertEquals(first.length, feed.feed(stream, 0, stream.length));
        feed.expect("1 one");
    }

    @Test
    void shouldLetListenerKeepAssembledMessage() {
        Feed feed = new Feed(Role.SERVER);
        feed.recorder.keep = true;
        byte[] message = wire().text("in two pieces").bytes();
        feed.feed(message, 0, 9);
        feed.feed(message, 9, message.length);
        feed.feed(wire().text("other").bytes(), 0, 5);
        Buffer kept = feed.recorder.kept.getFirst();
        assertEquals(1, kept.refs());
        assertEquals("in two pieces", kept.memory().getStringWithoutLengthUtf8(0, 13));
        kept.release();
        feed.recorder.partial.discard();
        assertEquals(0, feed.pool.inUse);
    }

    @Test
    void shouldDeliverWholeMessageInTheInputItself() {
        CountingPool pool = new CountingPool();
        Rfc6455Decoder decoder = new Rfc6455Decoder(Role.SERVER, FrameLimits.DEFAULT, pool);
        Buffer input = pool.acquire(100);
        byte[] message = wire().text("in place").bytes();
        input.memory().putBytes(0, message);
        Recorder recorder = new Recorder();
        recorder.keep = true;
        assertEquals(message.length, decoder.decode(recorder, input, 0, message.length));
        assertSame(input, recorder.kept.getFirst());
        assertEquals(1, pool.inUse);
        assertEquals(2, input.refs());
    }

    @Test
    void shouldGiveBackEverythingWhenDiscardedAtAnyByte() {
        Feed first = new Feed(Role.SERVER);
        byte[] stream = wire().frame(1, Wire.utf8("abc")).frame(FIN | 9, new byte[20]).frame(0, new byte[300]).bytes();
        for (int length = 1; length < stream.length; length++) {
            Feed feed = first.another();
            feed.feed(stream, 0, length);
            PartialMessage partial = feed.recorder.partial;
            assertNotNull(partial);
            partial.discard();
            partial.discard();
            assertEquals(0, feed.pool.inUse, "after " + length + " bytes");
        }
    }

    @Test
    void shouldReleaseAssemblyWhenListenerThrows() {
        CountingPool pool = new CountingPool();
        Rfc6455Decoder decoder = new Rfc6455Decoder(Role.SERVER, FrameLimits.DEFAULT, pool);
        byte[] stream = wire().frame(1, Wire.utf8("a")).frame(FIN, Wire.utf8("b")).bytes();
        Buffer input = pool.acquire(100);
        input.memory().putBytes(0, stream);
        AllocationTest.Silent thrower = new AllocationTest.Silent() {
            @Override
            public boolean onMessage(int opcode, Buffer buffer, int offset, int length) {
                throw new IllegalStateException("handler");
            }
        };
        assertThrows(IllegalStateException.class, () -> decoder.decode(thrower, input, 0, stream.length));
        input.release();
        assertEquals(0, pool.inUse);
        assertEquals(null, thrower.partial());
    }

    @Test
    void shouldAllowListenerToDiscardWithinControlFrame() {
        CountingPool pool = new CountingPool();
        Rfc6455Decoder decoder = new Rfc6455Decoder(Role.SERVER, FrameLimits.DEFAULT, pool);
        byte[] stream = wire().frame(1, Wire.utf8("a")).frame(FIN | 9, Wire.utf8("p")).frame(FIN, Wire.utf8("b")).bytes();
        Buffer input = pool.acquire(100);
        input.memory().putBytes(0, stream);
        AllocationTest.Silent aborting = new AllocationTest.Silent() {
            @Override
            public boolean onControl(int opcode, Buffer buffer, int offset, int length) {
                PartialMessage partial = partial();
                partial(null);
                partial.discard();
                return false;
            }
        };
        decoder.decode(aborting, input, 0, stream.length);
        input.release();
        assertEquals(0, aborting.messages);
        assertEquals(0, pool.inUse);
    }

    @Test
    void shouldRefuseRangeOutsideTheBuffer() {
        Feed feed = new Feed(Role.SERVER);
        Buffer buffer = feed.pool.acquire(64);
        assertThrows(IndexOutOfBoundsException.class, () -> feed.decoder.decode(feed.recorder, buffer, 60, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> feed.decoder.decode(feed.recorder, buffer, -1, 5));
        assertEquals(0, feed.decoder.decode(feed.recorder, buffer, 64, 0));
    }
}
