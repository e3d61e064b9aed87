package io.hioload.websocket;

import org.agrona.DirectBuffer;

/** Text helpers beside {@link WebSocketHandler#onMessage}. Any thread. */
public final class Utf8 {

    private Utf8() {
    }

    /**
     * Makes a String of a text message. Allocates the String.
     *
     * @param buffer holds the text
     * @param offset first byte
     * @param length bytes
     * @return the text
     */
    public static String toString(DirectBuffer buffer, int offset, int length) {
        return buffer.getStringWithoutLengthUtf8(offset, length);
    }
}
