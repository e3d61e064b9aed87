package io.hioload.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TransportSelectionTest {

    private record Fixed(String name, int preference, String obstacle) implements TransportProvider {

        @Override
        public long capabilities() {
            return 0;
        }

        @Override
        public String handleKind() {
            return name;
        }

        @Override
        public Availability availability() {
            if (obstacle.startsWith("throws")) {
                throw new IllegalStateException(obstacle);
            }
            return obstacle.isEmpty() ? Availability.USABLE : Availability.unusable(obstacle);
        }

        @Override
        public TransportLoop open(LoopContext context) {
            throw new IllegalStateException("not to be opened");
        }

        @Override
        public void discard(long handle) {
        }
    }

    private static final TransportProvider NIO = new Fixed("nio", 0, "");
    private static final TransportProvider EPOLL = new Fixed("epoll", 100, "");
    private static final TransportProvider NO_URING = new Fixed("io_uring", 200, "memlock limit is 8 MiB; needs 64");

    private static String refusal(String wanted, TransportProvider... providers) {
        return assertThrows(TransportException.class, () -> TransportSelection.select(wanted, List.of(providers))).getMessage();
    }

    @Test
    void shouldTakeTheBestUsableOneWhenAuto() throws Exception {
        TransportSelection selection = TransportSelection.select("auto", List.of(NIO, EPOLL, NO_URING));
        assertSame(EPOLL, selection.chosen());
        assertEquals(List.of("io_uring: not usable: memlock limit is 8 MiB; needs 64"), selection.passedOver());
    }

    @Test
    void shouldTakeTheNamedOneWhenItIsUsable() throws Exception {
        TransportSelection selection = TransportSelection.select("nio", List.of(EPOLL, NIO, NO_URING));
        assertSame(NIO, selection.chosen());
        assertEquals(List.of(), selection.passedOver());
    }

    @Test
    void shouldSayWhatThereIsWhenTheNameIsUnknown() {
        assertEquals("transport = epol: no such transport; there are io_uring (not usable: memlock limit is 8 MiB; needs 64), "
                + "epoll (usable), nio (usable)", refusal("epol", NIO, EPOLL, NO_URING));
    }

    @Test
    void shouldSayWhyWhenTheNamedOneIsNotUsable() {
        assertEquals("transport = io_uring: io_uring: not usable: memlock limit is 8 MiB; needs 64; there is nio (usable)",
                refusal("io_uring", NIO, NO_URING));
    }

    @Test
    void shouldSayWhyOfEachWhenNoneIsUsable() {
        assertEquals("transport = auto: no transport is usable: io_uring: not usable: memlock limit is 8 MiB; needs 64",
                refusal("auto", NO_URING));
        assertEquals("transport = auto: no transport is there", refusal("auto"));
    }

    @Test
    void shouldPassOverATransportThatThrows() throws Exception {
        TransportSelection selection = TransportSelection.select("auto", List.of(NIO, new Fixed("bad", 300, "throws")));
        assertSame(NIO, selection.chosen());
        assertEquals(List.of("bad: not usable: java.lang.IllegalStateException: throws"), selection.passedOver());
    }
}
