package io.hioload.session.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class Utf8WriterTest {

    private final UnsafeBuffer target = new UnsafeBuffer(new byte[4096]);

    private void assertLikeJdk(String text) {
        byte[] expected = text.getBytes(StandardCharsets.UTF_8);
        assertEquals(expected.length, Utf8Writer.lengthBytes(text));
        target.putByte(3 + expected.length, (byte) 0x55);
        int length = Utf8Writer.write(text, target, 3);
        byte[] actual = new byte[length];
        target.getBytes(3, actual);
        assertArrayEquals(expected, actual);
        assertEquals(0x55, target.getByte(3 + length), "nothing is written behind");
    }

    @Test
    void shouldWriteEveryCodePointLikeJdk() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            assertLikeJdk(Character.toString(codePoint));
        }
    }

    @Test
    void shouldWriteMixedTextLikeJdk() {
        Random random = new Random(1);
        String alphabet = "abcdefghijklmnop\u007F\u0080\u07FF\u0800\uFFFF\uD800\uDBFF\uDC00\uDFFF\uD83D\uDE00";
        for (int i = 0; i < 100_000; i++) {
            int ascii = random.nextInt(30);
            StringBuilder text = new StringBuilder("x".repeat(ascii));
            int length = random.nextInt(40);
            for (int c = 0; c < length; c++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertLikeJdk(text.append("y".repeat(random.nextInt(20))).toString());
        }
    }
}
