package io.hioload.itest.fuzz;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.control.Counters;
import io.hioload.protocol.ExtensionOffer;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.MessageCoder;
import io.hioload.protocol.MessageExtension;
import io.hioload.protocol.MessageExtensionProvider;
import io.hioload.protocol.Role;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Compression: what a peer sends becomes what {@link DeflateReference} makes of it, or is refused for the same reason and
 * within the limit; what is compressed here is the same again there; and all memory comes back. The first byte of an input
 * chooses the parameters, the second one where the second message begins. One thread.
 */
public final class DeflateFuzz {

    private static final int LIMIT_BYTES = 3_000;
    /** The input, and a message that grows from one buffer into the next one; what asks for more fails. */
    private static final int CEILING_BYTES = 2 * LIMIT_BYTES + 1_024;
    private static final long QUIET_NS = 3_600_000_000_000L;
    private static final Map<String, String> TAKEOVER = Map.of("extension.deflate.min", "1", "extension.deflate.takeover.own", "true",
            "extension.deflate.takeover.peer", "true");
    private static final Map<String, String> NO_TAKEOVER = Map.of("extension.deflate.min", "1");

    private final CheckedBufferPoolManager memory = new CheckedBufferPoolManager(CEILING_BYTES);
    private final BufferPool pool = memory.confined(0);
    private final Counters[] counters = {new Counters(), new Counters()};
    private final MessageExtension[] extensions = new MessageExtension[2];
    private byte[] decoded;
    private long nowNs;

    private static DeflateFuzz fuzz;

    private DeflateFuzz() {
        MessageExtensionProvider provider = ServiceLoader.load(MessageExtensionProvider.class).findFirst().orElseThrow();
        extensions[0] = provider.open(Role.SERVER, pool, counters[0], NO_TAKEOVER);
        extensions[1] = provider.open(Role.SERVER, pool, counters[1], TAKEOVER);
    }

    /** Called by Jazzer before the first input, on the thread of all of them. */
    public static void fuzzerInitialize() {
        fuzz = new DeflateFuzz();
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length >= 2) {
            int second = Math.min(data.length, 2 + (data[1] & 0xFF));
            fuzz.input(data[0], Arrays.copyOfRange(data, 2, second), Arrays.copyOfRange(data, second, data.length));
        }
    }

    private void input(int mode, byte[]... messages) {
        boolean takeover = (mode & 1) != 0;
        decodeAll(takeover, (mode & 2) != 0, messages);
        roundTrip(takeover, 8 + (mode >> 2 & 7), messages);
        for (int i = 0; i < counters.length; i++) {
            // Without takeover there are streams that all sessions share; those of single sessions have to be gone.
            long held = i == 0 ? 0 : counters[i].counter("deflate.memory.bytes").get();
            long sessions = counters[i].counter("deflate.sessions").get();
            if (held != 0 || sessions != 0) {
                throw new AssertionError("holds " + held + " bytes of zlib's and " + sessions + " sessions");
            }
        }
        memory.assertNoLeaks();
    }

    private void decodeAll(boolean takeover, boolean quietBetween, byte[][] messages) {
        try (MessageCoder coder = accept(takeover, ""); DeflateReference reference = new DeflateReference(takeover)) {
            for (byte[] message : messages) {
                int expected = reference.status(message, LIMIT_BYTES);
                int status = decode(coder, message);
                if (status == MessageCoder.TOO_BIG && expected == MessageCoder.BAD_DATA && reference.isFull(LIMIT_BYTES)) {
                    return; // broken right behind the byte that is too much: the JDK does not give that byte out
                }
                if (status != expected || status >= 0 && !Arrays.equals(decoded, reference.message)) {
                    throw new AssertionError("expected " + expected + ", but it is " + status);
                }
                if (status < 0) {
                    return;
                }
                if (quietBetween) {
                    nowNs += QUIET_NS;
                    extensions[takeover ? 1 : 0].sweep(nowNs);
                }
            }
        }
    }

    private void roundTrip(boolean takeover, int bits, byte[][] messages) {
        try (MessageCoder sender = accept(takeover, "; server_max_window_bits=" + bits); MessageCoder receiver = accept(takeover, "")) {
            for (byte[] message : messages) {
                int length = sender.encode(new UnsafeBuffer(message), 0, message.length);
                if (length == MessageCoder.DECLINED) {
                    continue;
                }
                Buffer output = sender.takeOutput();
                byte[] encoded = new byte[length];
                output.memory().getBytes(FrameEncoder.MAX_HEADER_BYTES, encoded);
                output.release();
                if (decode(receiver, encoded) != message.length || !Arrays.equals(decoded, message)) {
                    throw new AssertionError("another message came back of " + message.length + " bytes");
                }
            }
        }
    }

    private MessageCoder accept(boolean takeover, String parameters) {
        return extensions[takeover ? 1 : 0].accept(ExtensionOffer.parse(List.of("permessage-deflate" + parameters)).getFirst());
    }

    private int decode(MessageCoder coder, byte[] encoded) {
        Buffer input = pool.acquire(Math.max(1, encoded.length));
        input.memory().putBytes(0, encoded);
        int length = coder.decode(input, 0, encoded.length, LIMIT_BYTES);
        input.release();
        if (length >= 0) {
            Buffer output = coder.takeOutput();
            decoded = new byte[length];
            output.memory().getBytes(0, decoded);
            output.release();
        }
        return length;
    }
}
