package io.hioload.itest.fuzz;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/** What the JDK's decoder says of UTF-8, also of the beginning of a text. Stateless. */
public final class Utf8Reference {

    /** Ends of characters: of every beginning of one, at least one of these makes a whole one, or nothing does. */
    private static final byte[][] ENDS = {{}, {(byte) 0x80}, {(byte) 0x80, (byte) 0x80}, {(byte) 0x80, (byte) 0x80, (byte) 0x80},
            {(byte) 0xA0, (byte) 0x80}, {(byte) 0x90, (byte) 0x80, (byte) 0x80}};

    private Utf8Reference() {
    }

    /**
     * Whether it is a whole text.
     *
     * @param bytes of the text
     * @return true if it is valid
     */
    public static boolean isValid(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /**
     * Whether it can still become a text: it is one, or only the end of its last character is missing.
     *
     * @param bytes  holds the beginning
     * @param length of the beginning
     * @return false if nothing that follows can make it valid
     */
    public static boolean isBeginning(byte[] bytes, int length) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        if (decoder.decode(in, CharBuffer.allocate(length + 1), false).isError()) {
            return false;
        }
        for (byte[] end : ENDS) {
            byte[] character = new byte[in.remaining() + end.length];
            in.duplicate().get(character, 0, in.remaining());
            System.arraycopy(end, 0, character, in.remaining(), end.length);
            if (isValid(character)) {
                return true;
            }
        }
        return false;
    }
}
