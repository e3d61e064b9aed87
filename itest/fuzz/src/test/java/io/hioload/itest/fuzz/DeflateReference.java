package io.hioload.itest.fuzz;

import io.hioload.protocol.MessageCoder;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** RFC 7692, section 7.2.2, with the JDK's inflater and the whole message as the window. One thread. */
final class DeflateReference implements AutoCloseable {

    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};
    /** A last block without content. */
    private static final byte[] LAST = {1, 0, 0, (byte) 0xFF, (byte) 0xFF};
    private static final int UNENDED = 1;
    private static final int WINDOW_BYTES = 1 << 15;

    private final boolean takeover;
    private final ByteArrayOutputStream before = new ByteArrayOutputStream();
    private Inflater inflater = new Inflater(true);
    private ByteArrayOutputStream out;

    DeflateReference(boolean takeover) {
        this.takeover = takeover;
    }

    /** The last message; of no use when {@link #status} was negative. */
    byte[] message;

    int status(byte[] encoded, int maxBytes) {
        if (!takeover) {
            restart(new byte[0]);
            before.reset();
        }
        out = new ByteArrayOutputStream();
        byte[] input = Arrays.copyOf(encoded, encoded.length + TAIL.length);
        System.arraycopy(TAIL, 0, input, encoded.length, TAIL.length);
        int status = encoded.length == 0 ? 0 : feed(input, TAIL.length, maxBytes);
        if (status == UNENDED) {
            // A last block without content ends the stream here, unless something else was under way.
            int size = out.size();
            status = feed(LAST, 0, maxBytes) == 0 && out.size() == size ? 0 : MessageCoder.BAD_DATA;
        }
        message = out.toByteArray();
        return status < 0 ? status : message.length;
    }

    /** Whether the last message, as far as it could be read, has so many bytes. */
    boolean isFull(int maxBytes) {
        return out.size() >= maxBytes;
    }

    /** Returns 0 at the end of a stream that is also the end of the input, or would be without its tail. */
    private int feed(byte[] input, int tailBytes, int maxBytes) {
        byte[] one = new byte[1];
        inflater.setInput(input);
        try {
            while (true) {
                if (inflater.inflate(one) == 1) {
                    if (out.size() == maxBytes) {
                        return MessageCoder.TOO_BIG;
                    }
                    out.write(one[0]);
                    before.write(one[0]);
                } else if (inflater.finished()) {
                    int left = inflater.getRemaining();
                    restart(before.toByteArray());
                    if (left == 0 || left == tailBytes) {
                        return 0;
                    }
                    inflater.setInput(input, input.length - left, left);
                } else {
                    return inflater.needsInput() ? UNENDED : MessageCoder.BAD_DATA;
                }
            }
        } catch (DataFormatException e) {
            return MessageCoder.BAD_DATA;
        }
    }

    private void restart(byte[] window) {
        inflater.end();
        inflater = new Inflater(true);
        if (window.length > 0) {
            inflater.setDictionary(window, Math.max(0, window.length - WINDOW_BYTES), Math.min(window.length, WINDOW_BYTES));
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
