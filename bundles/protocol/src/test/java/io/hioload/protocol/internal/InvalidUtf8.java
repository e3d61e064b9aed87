package io.hioload.protocol.internal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** The kinds of wrong UTF-8 that the conformance suites of WebSocket (6.x) and Unicode know, and the JDK as the judge. */
final class InvalidUtf8 {

    static final List<byte[]> SEQUENCES = Arrays.stream(("""
            80 BF 8080 808080 C0 C1 C020 C080 C0AF C1BF C220 C2C2 DF20 E020 E080AF E09FBF E0A020 E18020 EDA080 EDAD7F EDAFBF EDB080
            EDBE80 EDBFBF EDA080EDB080 EDAFBFEDBFBF EFBF20 F08080AF F08FBFBF F0908020 F0802020 F48FBF20 F4908080 F5808080 F7BFBFBF
            F888808080 F8808080AF FBBFBFBFBF FC8480808080 FC80808080AF FDBFBFBFBFBF FE FF FEFEFFFF
            CEBAE1BDB9CF83CEBCCEB5EDA080656469746564 CEBAE1BDB9CF83CEBCCEB5F4908080656469746564 F0282828 E28228 61C3
            E282 F09D84 F0 E0 EDA0""").split("\\s+")).map(HexFormat.of()::parseHex).toList();

    private static final CharsetDecoder DECODER = StandardCharsets.UTF_8.newDecoder();
    private static final CharBuffer CHARS = CharBuffer.allocate(512);

    private InvalidUtf8() {
    }

    /** Whether a whole text is valid, by the JDK. */
    static boolean isValid(ByteBuffer bytes) {
        CHARS.clear();
        DECODER.reset();
        return DECODER.decode(bytes, CHARS, true) == CoderResult.UNDERFLOW;
    }

    /** Whether something valid begins with these bytes, by the JDK: some continuation makes them so. */
    static boolean isPrefix(byte[] bytes, int length) {
        for (int tail = 0; tail < 4; tail++) {
            for (int second : new int[]{0x80, 0x90, 0xA0}) {
                byte[] longer = Arrays.copyOf(bytes, length + tail);
                Arrays.fill(longer, length, longer.length, (byte) 0x80);
                if (tail > 0) {
                    longer[length] = (byte) second;
                }
                if (isValid(ByteBuffer.wrap(longer))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The first byte that no valid text could have there; the one behind the last if the text only ends too early. */
    static int firstWrongByte(byte[] bytes) {
        int length = 1;
        while (length <= bytes.length && isPrefix(bytes, length)) {
            length++;
        }
        return length - 1;
    }
}
