package io.hioload.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.websocket.MessageType;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadsTest {

    /** Its echo is compared byte by byte. */
    private static final long COMPARED_WHOLLY = 61;

    private static UnsafeBuffer echoOf(Payloads payloads, long number) {
        byte[] bytes = new byte[payloads.sizeBytes()];
        payloads.memory().getBytes(payloads.offset(number), bytes);
        return new UnsafeBuffer(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 64, 1000, 1 << 20})
    void shouldMatchEachMessageWhenItComesBack(int size) {
        Payloads payloads = new Payloads(size, MessageType.BINARY, 1);
        for (int i = 0; i < payloads.count() * 3; i++) {
            assertTrue(payloads.matches(i, echoOf(payloads, i), 0));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 15, 16, 17, 64, 1000})
    void shouldFindEachWrongByteWhenComparedWholly(int size) {
        Payloads payloads = new Payloads(size, MessageType.BINARY, 1);
        for (int i = 0; i < size; i++) {
            UnsafeBuffer echo = echoOf(payloads, COMPARED_WHOLLY);
            echo.putByte(i, (byte) ~echo.getByte(i));
            assertFalse(payloads.matches(COMPARED_WHOLLY, echo, 0), "byte " + i);
        }
    }

    @Test
    void shouldFindOtherMessageWhenEchoesAreSwapped() {
        Payloads payloads = new Payloads(64, MessageType.BINARY, 1);
        assertFalse(payloads.matches(1, echoOf(payloads, 2), 0));
    }

    @Test
    void shouldHoldAsciiWhenText() {
        Payloads payloads = new Payloads(64, MessageType.TEXT, 1);
        for (int i = 0; i < payloads.memory().capacity(); i++) {
            assertTrue(payloads.memory().getByte(i) > ' ');
        }
        assertEquals(64, payloads.count());
    }
}
