package io.hioload.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CloseCodeTest {

    @Test
    void shouldAllowOnTheWireWhatRfc6455Section74And10Allow() {
        assertEquals(12, IntStream.range(0, 3000).filter(CloseCode::isSendable).count());
        assertEquals(2000, IntStream.range(3000, 70_000).filter(CloseCode::isSendable).count());
        for (int forbidden : new int[]{-1, 0, 999, 1004, 1005, 1006, 1015, 2999, 5000}) {
            assertEquals(false, CloseCode.isSendable(forbidden), "code " + forbidden);
        }
    }
}
