package io.hioload.protocol.tls;

import org.agrona.DirectBuffer;

/** The outside of TLS records (RFC 8446, section 5.1): type, version, length. */
final class Records {

    /** Type, version and length. */
    static final int HEADER_BYTES = 5;
    /** The largest record there may be: of TLS 1.2, 2^14 and 2048 bytes of ciphertext (RFC 5246, section 6.2.3). */
    static final int MAX_BYTES = HEADER_BYTES + (1 << 14) + 2048;
    /** The largest plaintext in one. */
    static final int MAX_PLAIN_BYTES = 1 << 14;
    /**
     * So much is put into one record: with the overhead of any cipher suite it stays within 16 KiB, so that records fill pool
     * buffers, whose sizes are powers of two.
     */
    static final int SENT_PLAIN_BYTES = MAX_PLAIN_BYTES - 128;
    /** The record that a connection begins with. */
    static final int HANDSHAKE = 22;

    private static final int ALERT = 21;
    private static final int LENGTH_OFFSET = 3;

    private Records() {
    }

    /**
     * The length of a record, its header included.
     *
     * @param length what is there
     * @return bytes; more than is there if it is not whole yet, {@link #HEADER_BYTES} if not even its header is
     */
    static int length(DirectBuffer memory, int offset, int length) {
        if (length < HEADER_BYTES) {
            return HEADER_BYTES;
        }
        return HEADER_BYTES
                + ((memory.getByte(offset + LENGTH_OFFSET) & 0xFF) << 8 | memory.getByte(offset + LENGTH_OFFSET + 1) & 0xFF);
    }

    /** Whether there is something for the engine: a whole record, or the beginning of one that is too long to be accepted. */
    static boolean isReady(DirectBuffer memory, int offset, int length) {
        if (length < HEADER_BYTES) {
            return false;
        }
        int record = length(memory, offset, length);
        return record <= length || record > MAX_BYTES;
    }

    /** How much of what is ready to give to the engine. */
    static int given(DirectBuffer memory, int offset, int length) {
        int record = length(memory, offset, length);
        return record > MAX_BYTES ? HEADER_BYTES : record;
    }

    /** Whether it says that it is an alert, as before TLS 1.3 close_notify does. */
    static boolean isAlert(DirectBuffer memory, int offset) {
        return memory.getByte(offset) == ALERT;
    }
}
