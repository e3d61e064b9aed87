package io.hioload.protocol.internal;

import static io.hioload.protocol.internal.Wire.FIN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.protocol.Role;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However a stream is cut, the messages are the same and every buffer comes back. */
class DecoderSplitTest {

    private static byte[] mixedStream(Role role) {
        byte[] binary = new byte[700];
        new Random(1).nextBytes(binary);
        return new Wire(role).text("").text("short").frame(FIN | 2, binary).frame(FIN | 9, Wire.utf8("ping")).frame(FIN | 10)
                .frame(1, Wire.utf8("Grüße, ")).frame(FIN | 9, new byte[125]).frame(0, (byte) 0xE6, (byte) 0x97).frame(0)
                .frame(FIN | 10, (byte) 1).frame(FIN, (byte) 0xA5).frame(2, new byte[130]).frame(FIN, new byte[3])
                .text("日本語のテキスト \uD83D\uDE80".repeat(5)).frame(2).frame(FIN).text("end").close(1000, "done äöü").bytes();
    }

    private static List<String> whole(Role role, byte[] stream) {
        Feed feed = new Feed(role).feed(stream);
        feed.expectNothingKept();
        assertEquals(13, feed.recorder.events.size());
        return feed.recorder.events;
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldGiveTheSameMessagesForEverySplitPoint(Role role) {
        byte[] stream = mixedStream(role);
        List<String> expected = whole(role, stream);
        Feed first = new Feed(role);
        for (int split = 1; split < stream.length; split++) {
            Feed feed = first.another();
            assertEquals(split, feed.feed(stream, 0, split));
            assertEquals(stream.length - split, feed.feed(stream, split, stream.length));
            feed.expect(expected.toArray(String[]::new));
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldGiveTheSameMessagesForPiecesOfEverySize(Role role) {
        byte[] stream = mixedStream(role);
        List<String> expected = whole(role, stream);
        Feed first = new Feed(role);
        for (int length = 1; length < 300; length++) {
            first.another().feedPieces(stream, length).expect(expected.toArray(String[]::new));
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldGiveTheSameMessagesForRandomPieces(Role role) {
        byte[] stream = mixedStream(role);
        List<String> expected = whole(role, stream);
        Feed first = new Feed(role);
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            Feed feed = first.another();
            for (int at = 0; at < stream.length;) {
                int to = Math.min(stream.length, at + 1 + random.nextInt(1 + random.nextInt(200)));
                assertEquals(to - at, feed.feed(stream, at, to));
                at = to;
            }
            feed.expect(expected.toArray(String[]::new));
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldSurviveRandomBytes(Role role) {
        Feed first = new Feed(role);
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] stream = mixedStream(role);
            for (int i = random.nextInt(4); i >= 0; i--) {
                stream[random.nextInt(stream.length)] = (byte) random.nextInt();
            }
            Feed whole = first.another().feed(stream);
            Feed pieces = first.another().feedPieces(stream, 1 + random.nextInt(50));
            assertEquals(whole.recorder.events, pieces.recorder.events, () -> "seed " + random);
            discard(whole);
            discard(pieces);
            assertEquals(0, first.pool.inUse);
        }
    }

    /** As a session moves between reactors, with whatever of a header, a control frame or a message it has. */
    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldGiveTheSameMessagesWhenAnotherDecoderTakesOverAnywhere(Role role) {
        byte[] stream = mixedStream(role);
        String[] expected = whole(role, stream).toArray(String[]::new);
        CountingPool pool = new CountingPool();
        Feed here = new Feed(role, Feed.LIMITS, pool);
        Feed there = new Feed(role, Feed.LIMITS, pool);
        for (int split = 1; split < stream.length; split++) {
            Feed before = here.another();
            before.feed(stream, 0, split);
            Feed after = there.takingOver(before);
            // The one that it left serves others meanwhile.
            Feed stays = here.another();
            stays.feed(stream, 0, stream.length - split);
            after.feed(stream, split, stream.length);
            after.expectEvents(expected);
            stays.feed(stream, stream.length - split, stream.length);
            stays.expect(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldGiveTheSameMessagesWhenDecodersTakeTurnsByteByByte(Role role) {
        byte[] stream = mixedStream(role);
        CountingPool pool = new CountingPool();
        Feed[] decoders = {new Feed(role, Feed.LIMITS, pool), new Feed(role, Feed.LIMITS, pool), new Feed(role, Feed.LIMITS, pool)};
        Feed feed = decoders[0].another();
        for (int i = 0; i < stream.length; i++) {
            feed.feed(stream, i, i + 1);
            feed = decoders[i % decoders.length].takingOver(feed);
        }
        feed.expect(whole(role, stream).toArray(String[]::new));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldGiveEverythingBackWhenAConnectionEndsThatCameFromAnotherDecoder(Role role) {
        byte[] stream = mixedStream(role);
        CountingPool pool = new CountingPool();
        Feed here = new Feed(role, Feed.LIMITS, pool);
        Feed there = new Feed(role, Feed.LIMITS, pool);
        for (int split = 1; split < stream.length; split++) {
            Feed before = here.another();
            before.feed(stream, 0, split);
            discard(there.takingOver(before));
            assertEquals(0, pool.inUse);
        }
        there.another().feed(stream).expect(whole(role, stream).toArray(String[]::new));
    }

    private static void discard(Feed feed) {
        if (feed.recorder.partial != null) {
            feed.recorder.partial.discard();
        }
    }
}
