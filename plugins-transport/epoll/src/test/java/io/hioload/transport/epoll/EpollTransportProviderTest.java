package io.hioload.transport.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.hioload.ffm.Os;
import io.hioload.transport.Availability;
import io.hioload.transport.TransportProvider;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EpollTransportProviderTest {

    @Test
    void shouldBeFoundByServiceLoader() {
        assertInstanceOf(EpollTransportProvider.class, ServiceLoader.load(TransportProvider.class).findFirst().orElseThrow());
    }

    @Test
    void shouldAnswerOnVirtualThreads() throws Exception {
        CompletableFuture<Availability> answer = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> answer.complete(new EpollTransportProvider().availability())).join();
        assertEquals(Availability.USABLE, answer.get());
    }

    @Test
    void shouldGiveReasonWhenElsewhere() {
        Availability there = EpollTransportProvider.availability(Os.LINUX, "riscv64");
        assertEquals("needs x86-64 or AArch64, this is riscv64", there.reason());
        assertFalse(there.usable());
        assertEquals("needs Linux, this is WINDOWS", EpollTransportProvider.availability(Os.WINDOWS, "amd64").reason());
    }
}
