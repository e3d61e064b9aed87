package io.hioload.protocol.internal;

import static io.hioload.protocol.internal.Wire.FIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each MUST of RFC 6455, section 5 (and of 7.4 and 8.1), that is the codec's: once whole, once byte by byte. */
class Rfc6455Section5Test {

    private static void refused(Role role, int code, byte[] wire) {
        Feed whole = new Feed(role).feed(wire);
        whole.expectViolation(code);
        Feed bytewise = new Feed(role).feedPieces(wire, 1);
        bytewise.expectViolation(code);
        assertEquals(whole.recorder.events, bytewise.recorder.events);
    }

    private static void accepted(Role role, byte[] wire, String... events) {
        new Feed(role).feed(wire).expect(events);
        new Feed(role).feedPieces(wire, 1).expect(events);
    }

    @Test
    void should5_1ServerFailUnmaskedFrame() {
        refused(Role.SERVER, 1002, new Wire(Role.CLIENT).text("x").bytes());
    }

    @Test
    void should5_1ClientFailMaskedFrame() {
        refused(Role.CLIENT, 1002, new Wire(Role.SERVER).text("x").bytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {0x10, 0x20, 0x40, 0x70})
    void should5_2FailReservedBitsWithoutExtension(int bits) {
        for (Role role : Role.values()) {
            for (int opcode : new int[]{1, 2, 8, 9, 10}) {
                refused(role, 1002, new Wire(role).frame(FIN | bits | opcode).bytes());
            }
            refused(role, 1002, new Wire(role).frame(1, (byte) 'a').frame(FIN | bits, (byte) 'b').bytes());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    void should5_2FailReservedOpcode(int opcode) {
        for (Role role : Role.values()) {
            refused(role, 1002, new Wire(role).frame(FIN | opcode, (byte) 'x').bytes());
            refused(role, 1002, new Wire(role).frame(opcode).bytes());
            refused(role, 1002, new Wire(role).frame(1, (byte) 'a').frame(FIN | opcode).bytes());
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void should5_2FailLengthThatIsNotMinimal(Role role) {
        Wire wire16 = new Wire(role);
        refused(role, 1002, wire16.raw(FIN | 2, wire16.mask() | 126, 0, 125).keyed(new byte[125]).bytes());
        Wire wire64 = new Wire(role);
        refused(role, 1002, wire64.raw(FIN | 2, wire64.mask() | 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF).keyed(new byte[0xFFFF]).bytes());
        Wire zero = new Wire(role);
        refused(role, 1002, zero.raw(FIN | 1, zero.mask() | 126, 0, 0).keyed().bytes());
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void should5_2FailLengthWithTopBit(Role role) {
        Wire wire = new Wire(role);
        refused(role, 1002, wire.raw(FIN | 2, wire.mask() | 127, 0x80, 0, 0, 0, 0, 0, 0, 1).keyed().bytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 124, 125, 126, 127, 128, 0xFFFF, 0x10000, 0x10001})
    void should5_2AcceptEveryFormOfLength(int length) {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (i * 31);
        }
        for (Role role : Role.values()) {
            accepted(role, new Wire(role).frame(FIN | 2, payload).bytes(), Recorder.message(Opcode.BINARY, payload));
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void should5_4FailContinuationWithoutMessage(Role role) {
        refused(role, 1002, new Wire(role).frame(FIN, (byte) 'x').bytes());
        refused(role, 1002, new Wire(role).frame(0).bytes());
        refused(role, 1002, new Wire(role).frame(1, (byte) 'a').frame(FIN, (byte) 'b').frame(FIN, (byte) 'c').bytes());
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void should5_4FailMessageWithinFragmentedMessage(Role role) {
        refused(role, 1002, new Wire(role).frame(1, (byte) 'a').text("b").bytes());
        refused(role, 1002, new Wire(role).frame(2, (byte) 'a').frame(0).frame(2, (byte) 'b').bytes());
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void should5_4JoinFragmentsInOrder(Role role) {
        byte[] wire = new Wire(role).frame(1, Wire.utf8("Hel")).frame(0).frame(0, Wire.utf8("l")).frame(FIN, Wire.utf8("o")).text("!")
                .bytes();
        accepted(role, wire, Recorder.text("Hello"), Recorder.text("!"));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void should5_4DeliverControlFramesAmidFragments(Role role) {
        byte[] wire = new Wire(role).frame(1, (byte) 'a').frame(FIN | 9, (byte) 'p').frame(0, (byte) 'b').frame(FIN | 10)
                .frame(FIN, (byte) 'c').bytes();
        accepted(role, wire, "9 70", "10 ", Recorder.text("abc"));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void should5_4AcceptEmptyFragments(Role role) {
        accepted(role, new Wire(role).frame(1).frame(0).frame(FIN).bytes(), Recorder.text(""));
        accepted(role, new Wire(role).frame(2).frame(FIN, (byte) 7).bytes(), "2 07");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10})
    void should5_5FailFragmentedControlFrame(int opcode) {
        for (Role role : Role.values()) {
            refused(role, 1002, new Wire(role).frame(opcode, (byte) 3, (byte) -24).bytes());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10})
    void should5_5FailControlFrameLongerThan125(int opcode) {
        for (Role role : Role.values()) {
            refused(role, 1002, new Wire(role).frame(FIN | opcode, new byte[126]).bytes());
            accepted(role, new Wire(role).frame(FIN | 9, new byte[125]).bytes(), Recorder.message(9, new byte[125]));
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void should5_5_1DecodeNothingBehindClose(Role role) {
        byte[] close = new Wire(role).close(1000, "bye").bytes();
        byte[] wire = new Wire(role).close(1000, "bye").text("late").bytes();
        Feed feed = new Feed(role);
        assertEquals(close.length, feed.feed(wire, 0, wire.length));
        feed.expect(Recorder.closed(1000, "bye"));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void should5_5_1AcceptCloseWithoutCode(Role role) {
        accepted(role, new Wire(role).frame(FIN | 8).bytes(), Recorder.closed(1005, ""));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void should5_5_1FailCloseOfOneByte(Role role) {
        refused(role, 1002, new Wire(role).frame(FIN | 8, (byte) 3).bytes());
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void should5_5_1FailCloseReasonThatIsNotUtf8(Role role) {
        refused(role, 1007, new Wire(role).frame(FIN | 8, (byte) 3, (byte) -24, (byte) 0xC0, (byte) 0x80).bytes());
        refused(role, 1007, new Wire(role).frame(FIN | 8, (byte) 3, (byte) -24, (byte) 0xE2, (byte) 0x82).bytes());
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void should5_5_1DropFragmentedMessageAtClose(Role role) {
        accepted(role, new Wire(role).frame(1, Wire.utf8("half")).close(1001, "").bytes(), Recorder.closed(1001, ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
    void should7_4AcceptCloseCode(int code) {
        for (Role role : Role.values()) {
            accepted(role, new Wire(role).close(code, "why").bytes(), Recorder.closed(code, "why"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
    void should7_4FailCloseCode(int code) {
        for (Role role : Role.values()) {
            refused(role, 1002, new Wire(role).close(code, "why").bytes());
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void should8_1FailTextThatIsNotUtf8(Role role) {
        for (byte[] invalid : InvalidUtf8.SEQUENCES) {
            refused(role, 1007, new Wire(role).frame(FIN | 1, invalid).bytes());
            byte[] amid = new byte[300];
            Arrays.fill(amid, (byte) 'a');
            System.arraycopy(invalid, 0, amid, 137, invalid.length);
            refused(role, 1007, new Wire(role).frame(FIN | 1, amid).bytes());
            refused(role, 1007, new Wire(role).frame(1).frame(0, amid).frame(FIN).bytes());
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void should8_1AcceptCharacterAcrossFragments(Role role) {
        byte[] text = Wire.utf8("κόσμε 日本 \uD83D\uDE00");
        Wire wire = new Wire(role).frame(1);
        for (byte b : text) {
            wire.frame(0, b).frame(FIN | 9);
        }
        Feed feed = new Feed(role).feed(wire.frame(FIN).bytes());
        assertEquals("κόσμε 日本 \uD83D\uDE00", feed.recorder.events.getLast().substring(2));
        feed.expectNothingKept();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void should8_1FailAtTheFirstWrongByte(Role role) {
        for (byte[] invalid : InvalidUtf8.SEQUENCES) {
            int wrong = InvalidUtf8.firstWrongByte(invalid);
            Feed feed = new Feed(role);
            byte[] padded = Arrays.copyOf(invalid, 100);
            byte[] wire = new Wire(role).frame(1, padded).bytes();
            int payload = wire.length - padded.length;
            for (int i = 0; i < payload + wrong; i++) {
                feed.feed(wire, i, i + 1);
            }
            assertEquals(0, feed.recorder.violation);
            feed.feed(wire, payload + wrong, payload + wrong + 1);
            feed.expectViolation(1007);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void should6_2DeliverBinaryUnchecked(Role role) {
        accepted(role, new Wire(role).frame(FIN | 2, (byte) 0xFF, (byte) 0xC0).bytes(), "2 ffc0");
    }

    @Test
    void shouldKeepNothingBetweenMessages() {
        Feed feed = new Feed(Role.SERVER).feed(new Wire(Role.SERVER).text("one").text("two").bytes());
        assertNull(feed.recorder.partial);
        assertEquals(1, feed.pool.acquires, "the input buffer only");
    }
}
