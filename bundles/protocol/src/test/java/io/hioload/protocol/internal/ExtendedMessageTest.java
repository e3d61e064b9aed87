package io.hioload.protocol.internal;

import static io.hioload.protocol.internal.Wire.FIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that an extension marks by RSV1 (RFC 7692, section 6): each once whole, once byte by byte. */
class ExtendedMessageTest {

    private static final int RSV1 = Opcode.RSV1;
    private static final byte[] NOT_UTF8 = {(byte) 0xFF, (byte) 0xC0, 1};

    private static Feed agreed(Role role, FrameLimits limits) {
        Feed feed = new Feed(role, limits, new CountingPool());
        feed.recorder.extended = true;
        return feed;
    }

    private static void accepted(Role role, byte[] wire, String... events) {
        agreed(role, Feed.LIMITS).feed(wire).expect(events);
        agreed(role, Feed.LIMITS).feedPieces(wire, 1).expect(events);
        agreed(role, Feed.LIMITS).feedPieces(wire, 3).expect(events);
    }

    private static void refused(Role role, FrameLimits limits, int code, byte[] wire) {
        Feed whole = agreed(role, limits).feed(wire);
        whole.expectViolation(code);
        Feed bytewise = agreed(role, limits).feedPieces(wire, 1);
        bytewise.expectViolation(code);
        assertEquals(whole.recorder.events, bytewise.recorder.events);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldDeliverAsItCameWhenMarked(Role role) {
        accepted(role,
                new Wire(role).frame(FIN | RSV1 | 1, NOT_UTF8).frame(FIN | RSV1 | 2, NOT_UTF8).frame(FIN | RSV1 | 2).text("x").bytes(),
                "extended 1 ffc001", "extended 2 ffc001", "extended 2 ", "1 x");
        accepted(role, new Wire(role).frame(FIN | RSV1 | 1, new byte[300]).bytes(), "extended 1 " + "00".repeat(300));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldPutTogetherUncheckedWhenMarkedMessageIsFragmented(Role role) {
        accepted(role, new Wire(role).frame(RSV1 | 1, NOT_UTF8).frame(FIN | 9).frame(0, (byte) 0xC0).frame(FIN).text("y").bytes(),
                "9 ", "extended 1 ffc001c0", "1 y");
        accepted(role, new Wire(role).frame(RSV1 | 2).frame(FIN).bytes(), "extended 2 ");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldCheckTextWhenItIsNotMarkedAfterOneThatWas(Role role) {
        refused(role, Feed.LIMITS, 1007, new Wire(role).frame(RSV1 | 1, NOT_UTF8).frame(FIN).frame(1, NOT_UTF8).frame(FIN).bytes());
        refused(role, Feed.LIMITS, 1007, new Wire(role).frame(FIN | RSV1 | 1, NOT_UTF8).frame(FIN | 1, NOT_UTF8).bytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {0x10, 0x20, 0x30, 0x50, 0x60, 0x70})
    void shouldFailOtherReservedBitsWhenAgreed(int bits) {
        for (Role role : Role.values()) {
            refused(role, Feed.LIMITS, 1002, new Wire(role).frame(FIN | bits | 1, (byte) 'a').bytes());
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldFailMarkOnControlOrContinuationWhenAgreed(Role role) {
        for (int opcode : new int[]{8, 9, 10, 3, 11}) {
            refused(role, Feed.LIMITS, 1002, new Wire(role).frame(FIN | RSV1 | opcode).bytes());
        }
        refused(role, Feed.LIMITS, 1002, new Wire(role).frame(RSV1 | 1, (byte) 'a').frame(FIN | RSV1, (byte) 'b').bytes());
        refused(role, Feed.LIMITS, 1002, new Wire(role).frame(1, (byte) 'a').frame(FIN | RSV1, (byte) 'b').bytes());
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldLimitWhatCameWhenMarked(Role role) {
        FrameLimits limits = new FrameLimits(10, 10, 3);
        refused(role, limits, 1009, new Wire(role).frame(FIN | RSV1 | 2, new byte[11]).bytes());
        refused(role, limits, 1009, new Wire(role).frame(RSV1 | 2, new byte[6]).frame(FIN, new byte[5]).bytes());
        refused(role, limits, 1008, new Wire(role).frame(RSV1 | 2).frame(0).frame(0).frame(FIN).bytes());
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldCheckTextWhenDecoded(Role role) {
        Feed feed = agreed(role, Feed.LIMITS);
        Buffer buffer = feed.pool.acquire(8);
        buffer.memory().putBytes(2, NOT_UTF8);
        assertTrue(feed.decoder.deliver(feed.recorder, Opcode.BINARY, buffer, 2, 3));
        assertFalse(feed.decoder.deliver(feed.recorder, Opcode.TEXT, buffer, 2, 3));
        assertEquals(1007, feed.recorder.violation);
        Feed good = agreed(role, Feed.LIMITS);
        buffer.memory().putBytes(2, Wire.utf8("a\u00e9"));
        assertTrue(good.decoder.deliver(good.recorder, Opcode.TEXT, buffer, 2, 3));
        good.expect("1 a\u00e9");
        buffer.release();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldEncodeMarkWhenItIsWithTheOpcode(Role role) {
        FrameEncoder encoder = new Rfc6455CodecProvider().encoder(role);
        UnsafeBuffer target = new UnsafeBuffer(new byte[64]);
        encoder.encode(target, 0, RSV1 | Opcode.TEXT, true, new UnsafeBuffer(new byte[4]), 0, 4);
        assertEquals((byte) 0xC1, target.getByte(0));
        encoder.encode(target, 0, RSV1 | Opcode.BINARY, false, new UnsafeBuffer(new byte[4]), 0, 4);
        assertEquals((byte) 0x42, target.getByte(0));
    }
}
