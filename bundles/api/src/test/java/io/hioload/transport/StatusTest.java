package io.hioload.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusTest {

    @Test
    void shouldMeanWhatLinuxSaysWhenErrno() {
        Map<Integer, Integer> expected = new HashMap<>();
        put(expected, Status.BACK_PRESSURED, 11);
        put(expected, Status.REFUSED, 111);
        put(expected, Status.RESET, 104, 32, 107, 103);
        put(expected, Status.TIMED_OUT, 110);
        put(expected, Status.UNREACHABLE, 101, 113, 100);
        put(expected, Status.ADDRESS_IN_USE, 98);
        put(expected, Status.ADDRESS_NOT_AVAILABLE, 99);
        put(expected, Status.NOT_PERMITTED, 13, 1);
        put(expected, Status.NO_RESOURCES, 24, 23, 105, 12, 28);
        put(expected, Status.NOT_SUPPORTED, 97, 95, 92);
        put(expected, Status.CLOSED, 9, 88);
        for (int errno = 0; errno < 200; errno++) {
            assertEquals(expected.getOrDefault(errno, Status.OS_ERROR), Status.ofErrno(errno), "errno " + errno);
        }
    }

    private static void put(Map<Integer, Integer> expected, int status, int... errnos) {
        for (int errno : errnos) {
            expected.put(errno, status);
        }
    }

    @Test
    void shouldHaveTextWhenStatusIsKnown() {
        assertEquals("ok", Status.text(5));
        for (int status = Status.OK; status >= Status.OS_ERROR; status--) {
            assertTrue(!Status.text(status).startsWith("status "), () -> "no text");
        }
        assertEquals("status -99", Status.text(-99));
    }
}
