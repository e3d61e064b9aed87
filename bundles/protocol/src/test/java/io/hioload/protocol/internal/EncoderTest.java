package io.hioload.protocol.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers, masks, and everything that was encoded comes out of the decoder again. */
class EncoderTest {

    private final UnsafeBuffer target = new UnsafeBuffer(ByteBuffer.allocateDirect(200_000));

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 125, 126, 127, 256, 257, 0xFFFF, 0x10000, 0x12345})
    void shouldWriteTheShortestHeader(int length) {
        byte[] payload = new byte[length];
        new Random(length).nextBytes(payload);
        byte[] expected = new Wire(Role.CLIENT).frame(0x82, payload).bytes();
        Rfc6455Encoder encoder = new Rfc6455Encoder(Role.SERVER);
        assertEquals(expected.length - length, encoder.headerLength(length));
        assertEquals(expected.length, encoder.encode(target, 3, Opcode.BINARY, true, new UnsafeBuffer(payload), 0, length));
        assertArrayEquals(expected, bytes(3, expected.length));
        target.setMemory(0, 20, (byte) 0);
        target.putBytes(20, payload);
        int begin = encoder.prepend(target, 20, Opcode.BINARY, true, length);
        assertEquals(20 - encoder.headerLength(length), begin);
        assertArrayEquals(expected, bytes(begin, expected.length));
        assertEquals(0, target.getByte(begin - 1));
    }

    private byte[] bytes(int offset, int length) {
        byte[] bytes = new byte[length];
        target.getBytes(offset, bytes);
        return bytes;
    }

    @Test
    void shouldWriteExamplesOfSection5_7() {
        Rfc6455Encoder encoder = new Rfc6455Encoder(Role.SERVER);
        UnsafeBuffer hello = new UnsafeBuffer(Wire.utf8("Hello"));
        int length = encoder.encode(target, 0, Opcode.TEXT, true, hello, 0, 5);
        assertEquals("810548656c6c6f", HexFormat.of().formatHex(bytes(0, length)));
        length = encoder.encode(target, 0, Opcode.TEXT, false, hello, 0, 3);
        length += encoder.encode(target, length, Opcode.CONTINUATION, true, hello, 3, 2);
        assertEquals("010348656c80026c6f", HexFormat.of().formatHex(bytes(0, length)));
    }

    @Test
    void shouldMaskInTheClientRoleWithNewKeyEachTime() {
        Rfc6455Encoder encoder = new Rfc6455Encoder(Role.CLIENT);
        UnsafeBuffer payload = new UnsafeBuffer(new byte[4]);
        Set<Integer> keys = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            assertEquals(10, encoder.encode(target, 0, Opcode.BINARY, true, payload, 0, 4));
            assertEquals(target.getInt(2), target.getInt(6), "zeros masked are the key");
            keys.add(target.getInt(2));
        }
        // 100,000 of 2^32: about one pair is expected to be equal.
        assertTrue(keys.size() > 99_980, () -> "different keys " + keys.size());
    }

    @Test
    void shouldDrawDifferentKeysInDifferentThreads() throws InterruptedException {
        Set<Integer> keys = ConcurrentHashMap.newKeySet();
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = new Thread(() -> {
                for (int i = 0; i < 10_000; i++) {
                    keys.add(MaskKeys.next());
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(keys.size() > 39_990, () -> "different keys " + keys.size());
    }

    /** ChaCha with 12 rounds, a key of zeros, nonce 0: test vector 1 of draft-strombergsson-chacha-test-vectors. */
    @Test
    void shouldMakeKeysByChaCha12() {
        int[] out = new int[16];
        MaskKeys.block(out, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        int[] expected = {0x6a9af49b, 0x53f95507, 0x12ce1f81, 0xd583265f, 0xbbc32904, 0x1474e049, 0xa589007e, 0x5f15ae2e};
        assertArrayEquals(expected, java.util.Arrays.copyOf(out, 8));
    }

    @Test
    void shouldSetEveryBitOfKeysHalfOfTheTime() {
        int[] set = new int[32];
        for (int i = 0; i < 100_000; i++) {
            int key = MaskKeys.next();
            for (int bit = 0; bit < 32; bit++) {
                set[bit] += key >>> bit & 1;
            }
        }
        for (int count : set) {
            assertTrue(Math.abs(count - 50_000) < 1_500, () -> "bit set " + count + " of 100000 times");
        }
    }

    @Test
    void shouldRefuseWhatIsNoFrame() {
        Rfc6455Encoder server = new Rfc6455Encoder(Role.SERVER);
        Rfc6455Encoder client = new Rfc6455Encoder(Role.CLIENT);
        UnsafeBuffer payload = new UnsafeBuffer(new byte[200]);
        assertThrows(IllegalArgumentException.class, () -> server.encode(target, 0, Opcode.PING, true, payload, 0, 126));
        assertThrows(IllegalArgumentException.class, () -> server.encode(target, 0, Opcode.PING, false, payload, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> server.encode(target, 0, Opcode.TEXT, true, payload, 0, -1));
        assertThrows(IllegalStateException.class, () -> client.prepend(target, 20, Opcode.TEXT, true, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> server.encode(target, 199_999, Opcode.TEXT, true, payload, 0, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> server.encode(target, 0, Opcode.TEXT, true, payload, 199, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> server.prepend(target, 1, Opcode.TEXT, true, 5));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldDecodeWhatWasEncoded(Role role) {
        Rfc6455Encoder encoder = new Rfc6455Encoder(role == Role.SERVER ? Role.CLIENT : Role.SERVER);
        Feed first = new Feed(role);
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            Feed feed = first.another();
            java.util.List<String> expected = new java.util.ArrayList<>();
            int length = encodeRandom(encoder, random, expected);
            feed.feedPieces(bytes(0, length), 1 + random.nextInt(random.nextBoolean() ? 100 : 100_000));
            feed.expect(expected.toArray(String[]::new));
        }
    }

    private int encodeRandom(Rfc6455Encoder encoder, Random random, java.util.List<String> expected) {
        int length = 0;
        for (int m = random.nextInt(10); m >= 0; m--) {
            byte[] message = new byte[random.nextInt(10) == 0 ? random.nextInt(15_000) : random.nextInt(300)];
            random.nextBytes(message);
            boolean onHeap = random.nextBoolean();
            UnsafeBuffer payload = onHeap ? new UnsafeBuffer(message) : new UnsafeBuffer(ByteBuffer.allocateDirect(message.length));
            payload.putBytes(0, message);
            int opcode = Opcode.BINARY;
            int at = 0;
            while (random.nextInt(3) == 0) {
                int part = random.nextInt(message.length - at + 1);
                length += encoder.encode(target, length, opcode, false, payload, at, part);
                opcode = Opcode.CONTINUATION;
                at += part;
                if (random.nextBoolean()) {
                    length += encoder.encode(target, length, Opcode.PING, true, payload, 0, Math.min(125, message.length));
                    expected.add(Recorder.message(Opcode.PING, java.util.Arrays.copyOf(message, Math.min(125, message.length))));
                }
            }
            length += encoder.encode(target, length, opcode, true, payload, at, message.length - at);
            expected.add(Recorder.message(Opcode.BINARY, message));
        }
        return length;
    }

    @Test
    void shouldBeFoundByServiceLoader() {
        FrameCodecProvider provider = ServiceLoader.load(FrameCodecProvider.class).findFirst().orElseThrow();
        assertEquals(Rfc6455CodecProvider.class, provider.getClass());
        assertEquals(Rfc6455Encoder.class, provider.encoder(Role.SERVER).getClass());
        assertEquals(Rfc6455Decoder.class,
                provider.decoder(Role.CLIENT, io.hioload.protocol.FrameLimits.DEFAULT, new CountingPool()).getClass());
    }
}
