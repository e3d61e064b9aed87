package io.hioload.protocol.deflate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.control.Counters;
import io.hioload.protocol.ExtensionOffer;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.MessageCoder;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import io.hioload.transport.Availability;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateTest {

    private static final int LIMIT = 1 << 20;
    private static final byte[] TEXT = "the quick brown fox jumps over the lazy dog and the quick brown dog jumps over the lazy fox, again "
            .repeat(20).getBytes(StandardCharsets.US_ASCII);

    private final CheckedBufferPoolManager memory = new CheckedBufferPoolManager();
    private final BufferPool pool = memory.confined(0);
    private final Counters counters = new Counters();
    private final List<Deflate> engines = new ArrayList<>();

    @BeforeEach
    void shouldHaveZlib() {
        Availability availability = new DeflateProvider().availability();
        assertTrue(availability.usable(), availability::reason);
    }

    @AfterEach
    void shouldHoldNothing() {
        engines.forEach(Deflate::close);
        assertEquals(0, counters.counter("deflate.memory.bytes").get());
        memory.assertNoLeaks();
    }

    private Deflate engine(String... settings) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            properties.put("extension.deflate." + settings[i], settings[i + 1]);
        }
        Deflate engine = new Deflate(DeflateSettings.of(properties), pool, counters);
        engines.add(engine);
        return engine;
    }

    private static MessageCoder server(Deflate engine, String parameters) {
        return engine.accept(ExtensionOffer.parse(List.of("permessage-deflate" + parameters)).getFirst());
    }

    private byte[] encode(MessageCoder coder, byte[] message) {
        int length = coder.encode(new UnsafeBuffer(message), 0, message.length);
        if (length < 0) {
            return null;
        }
        Buffer output = coder.takeOutput();
        byte[] encoded = new byte[length];
        output.memory().getBytes(FrameEncoder.MAX_HEADER_BYTES, encoded);
        output.release();
        return encoded;
    }

    private int decodeStatus(MessageCoder coder, byte[] encoded, int limit) {
        Buffer input = pool.acquire(Math.max(1, encoded.length));
        input.memory().putBytes(0, encoded);
        int length = coder.decode(input, 0, encoded.length, limit);
        input.release();
        return length;
    }

    private byte[] decode(MessageCoder coder, byte[] encoded) {
        int length = decodeStatus(coder, encoded, LIMIT);
        if (length < 0) {
            return null;
        }
        Buffer output = coder.takeOutput();
        byte[] message = new byte[length];
        output.memory().getBytes(0, message);
        output.release();
        return message;
    }

    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({"false,15", "false,8", "false,9", "true,15", "true,8", "true,9", "true,12"})
    void shouldGiveBackEveryMessageWithEachWindowAndTakeover(boolean takeover, int bits) {
        String on = String.valueOf(takeover);
        Deflate ours = engine("takeover.own", on, "takeover.peer", on, "min", "1", "window.own", String.valueOf(bits));
        Deflate theirs = engine("takeover.own", on, "takeover.peer", on, "min", "1", "window.peer", String.valueOf(bits));
        MessageCoder sender = server(ours, "; client_max_window_bits");
        MessageCoder receiver = theirs.accepted(ExtensionOffer.parse(List.of(sender.answer())).getFirst());
        for (int round = 0; round < 50; round++) {
            for (byte[] message : List.of(TEXT, Arrays.copyOf(TEXT, 1 + round * 7), random(round, 3000), new byte[100_000])) {
                byte[] encoded = encode(sender, message);
                if (encoded != null) {
                    assertArrayEquals(message, decode(receiver, encoded));
                }
            }
        }
        sender.close();
        receiver.close();
    }

    @Test
    void shouldMakeLaterMessagesSmallerWithTakeover() {
        MessageCoder with = server(engine("takeover.own", "true"), "");
        byte[] message = random(7, 600);
        int first = encode(with, message).length;
        assertTrue(encode(with, message).length < first / 4);
        with.close();
    }

    @Test
    void shouldDeclineWhatDoesNotGetSmallerAndWhatIsSmall() {
        MessageCoder coder = server(engine(), "");
        assertEquals(MessageCoder.DECLINED, coder.encode(new UnsafeBuffer(random(1, 4000)), 0, 4000));
        assertEquals(MessageCoder.DECLINED, coder.encode(new UnsafeBuffer(new byte[255]), 0, 255));
        coder.close();
    }

    @Test
    void shouldBeReadByTheJdk() throws DataFormatException {
        MessageCoder coder = server(engine(), "");
        byte[] encoded = encode(coder, TEXT);
        Inflater inflater = new Inflater(true);
        inflater.setInput(withTail(encoded));
        byte[] message = new byte[TEXT.length + 1];
        assertEquals(TEXT.length, inflater.inflate(message));
        assertArrayEquals(TEXT, Arrays.copyOf(message, TEXT.length));
        inflater.end();
        coder.close();
    }

    private static byte[] withTail(byte[] encoded) {
        byte[] whole = Arrays.copyOf(encoded, encoded.length + 4);
        whole[encoded.length + 2] = -1;
        whole[encoded.length + 3] = -1;
        return whole;
    }

    @Test
    void shouldReadTheExamplesOfTheRfc() {
        MessageCoder coder = server(engine("takeover.peer", "true"), "");
        byte[] hello = "Hello".getBytes(StandardCharsets.US_ASCII);
        assertArrayEquals(hello, decode(coder, hex("f248cdc9c90700")), "7.2.3.1");
        assertArrayEquals(hello, decode(coder, hex("f200110000")), "7.2.3.2, takeover");
        coder.close();
        MessageCoder other = server(engine("takeover.peer", "true"), "");
        assertArrayEquals(hello, decode(other, hex("000500faff48656c6c6f00")), "7.2.3.3, no compression");
        assertArrayEquals(hello, decode(other, hex("f348cdc9c9070000")), "7.2.3.4, BFINAL");
        assertArrayEquals(hello, decode(other, hex("f248050000 00ffffcac9c90700".replace(" ", ""))), "7.2.3.5, two blocks");
        assertArrayEquals(new byte[0], decode(other, hex("00")), "7.2.3.6, empty");
        assertArrayEquals(hello, decode(other, hex("f200110000")), "takeover across BFINAL and empty messages");
        other.close();
    }

    @Test
    void shouldNotLetTheEndOfOneMessageBecomeTheBeginningOfTheNext() {
        byte[] hello = "Hello".getBytes(StandardCharsets.US_ASCII);
        MessageCoder coder = server(engine("takeover.peer", "true"), "");
        assertArrayEquals(hello, decode(coder, hex("f348cdc9c90700")), "BFINAL, and no block behind it");
        assertArrayEquals(new byte[0], decode(coder, new byte[0]), "nothing at all");
        assertArrayEquals(hello, decode(coder, hex("f200110000")), "takeover across both");
        assertEquals(MessageCoder.BAD_DATA, decodeStatus(coder, hex("f248cd"), LIMIT), "cut inside a block");
        coder.close();
    }

    private static byte[] hex(String text) {
        byte[] bytes = new byte[text.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(text.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1023, 1024, 1025, 65_535, 65_536, 65_537, 1_000_000})
    void shouldStopExactlyAboveTheLimit(int length) {
        byte[] encoded = jdkDeflate(new byte[length]);
        MessageCoder coder = server(engine(), "");
        assertEquals(length, decodeStatus(coder, encoded, length));
        coder.takeOutput().release();
        assertEquals(MessageCoder.TOO_BIG, decodeStatus(coder, encoded, length - 1));
        coder.close();
    }

    private static byte[] jdkDeflate(byte[] message) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(message);
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        byte[] piece = new byte[8192];
        int length;
        do {
            length = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
            encoded.write(piece, 0, length);
        } while (length == piece.length);
        deflater.end();
        return Arrays.copyOf(encoded.toByteArray(), encoded.size() - 4);
    }

    @Test
    void shouldFindOutABombWithoutMakingRoomForIt() {
        byte[] bomb = jdkDeflate(new byte[64 << 20]);
        MessageCoder coder = server(engine(), "");
        assertEquals(MessageCoder.TOO_BIG, decodeStatus(coder, bomb, 100_000));
        coder.close();
    }

    @Test
    void shouldRefuseBadDataOfEveryKindAndGoOnWithOtherSessions() {
        Deflate engine = engine();
        MessageCoder coder = server(engine, "");
        assertEquals(MessageCoder.BAD_DATA, decodeStatus(coder, hex("ffffffff"), LIMIT));
        byte[] good = jdkDeflate(TEXT);
        for (int seed = 0; seed < 2_000; seed++) {
            byte[] broken = good.clone();
            broken[seed % broken.length] ^= (byte) (1 + seed % 255);
            int status = decodeStatus(coder, broken, LIMIT);
            if (status >= 0) {
                coder.takeOutput().release();
            }
        }
        assertArrayEquals(TEXT, decode(server(engine, ""), good));
        coder.close();
    }

    @Test
    void shouldGiveMemoryBackWhenQuietAndGoOnAsBefore() {
        Deflate ours = engine("takeover.own", "true", "takeover.peer", "true", "idle", "1s");
        Deflate theirs = engine("takeover.own", "true", "takeover.peer", "true", "idle", "1s");
        MessageCoder sender = server(ours, "");
        MessageCoder receiver = theirs.accepted(ExtensionOffer.parse(List.of(sender.answer())).getFirst());
        assertArrayEquals(TEXT, decode(receiver, encode(sender, TEXT)));
        long busy = counters.counter("deflate.memory.bytes").get();
        long laterNs = System.nanoTime() + 3_600_000_000_000L;
        theirs.sweep(laterNs);
        assertTrue(counters.counter("deflate.memory.bytes").get() < busy);
        assertArrayEquals(TEXT, decode(receiver, encode(sender, TEXT)), "the receiver remembers what the sender refers to");
        ours.sweep(laterNs);
        theirs.sweep(laterNs * 2);
        assertTrue(counters.counter("deflate.memory.bytes").get() <= 2 * TEXT.length, "only windows are kept");
        assertArrayEquals(TEXT, decode(receiver, encode(sender, TEXT)), "the sender has forgotten, which it may");
        sender.close();
        receiver.close();
    }

    @Test
    void shouldDeclineTakeoverBeyondItsMemory() {
        Deflate engine = engine("takeover.own", "true", "takeover.peer", "true", "memory.max", "400000");
        MessageCoder first = server(engine, "");
        MessageCoder second = server(engine, "");
        assertEquals("permessage-deflate", first.answer());
        assertEquals("permessage-deflate; server_no_context_takeover; client_no_context_takeover", second.answer());
        first.close();
        MessageCoder third = server(engine, "");
        assertEquals("permessage-deflate", third.answer());
        second.close();
        third.close();
    }

    @Test
    void shouldMoveToAnotherReactorWithWhatItRemembers() {
        Deflate ours = engine("takeover.own", "true", "takeover.peer", "true");
        Deflate next = engine("takeover.own", "true", "takeover.peer", "true");
        Deflate theirs = engine("takeover.own", "true", "takeover.peer", "true");
        MessageCoder sender = server(ours, "");
        MessageCoder receiver = theirs.accepted(ExtensionOffer.parse(List.of(sender.answer())).getFirst());
        assertArrayEquals(TEXT, decode(receiver, encode(sender, TEXT)));
        sender.leave();
        sender.enter(next);
        byte[] second = encode(sender, TEXT);
        assertTrue(second.length < TEXT.length / 20);
        assertArrayEquals(TEXT, decode(receiver, second));
        sender.close();
        receiver.close();
    }
}
