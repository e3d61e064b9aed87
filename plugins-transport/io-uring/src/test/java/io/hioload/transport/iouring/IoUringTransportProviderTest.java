package io.hioload.transport.iouring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.ffm.Errno;
import io.hioload.transport.Availability;
import io.hioload.transport.TransportProvider;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class IoUringTransportProviderTest {

    @Test
    void shouldBeFoundByServiceLoader() {
        TransportProvider provider = ServiceLoader.load(TransportProvider.class).stream().map(ServiceLoader.Provider::get)
                .filter(p -> p.name().equals("io_uring")).findFirst().orElseThrow();
        assertInstanceOf(IoUringTransportProvider.class, provider);
        assertEquals(200, provider.preference());
        assertEquals(TransportProvider.FILE_DESCRIPTOR, provider.handleKind());
    }

    @Test
    void shouldAnswerOnVirtualThread() throws InterruptedException {
        Availability[] answer = new Availability[1];
        Thread.ofVirtual().start(() -> answer[0] = new IoUringTransportProvider().availability()).join();
        assertEquals(Availability.USABLE, answer[0]);
    }

    @Test
    void shouldGiveBackWhatProbingTook() throws Exception {
        IoUringTransportProvider provider = new IoUringTransportProvider();
        provider.availability();
        int descriptors = UringLoopTest.openDescriptors();
        for (int i = 0; i < 100; i++) {
            assertTrue(provider.availability().usable());
        }
        assertEquals(descriptors, UringLoopTest.openDescriptors());
    }

    @Test
    void shouldSayWhatIsInTheWay() {
        assertEquals("forbidden by the sysctl kernel.io_uring_disabled = 2", Refusal.ofSetup(Errno.EPERM, "2", "6.12"));
        assertTrue(Refusal.ofSetup(Errno.EPERM, "1", "6.12").contains("io_uring_group"));
        assertTrue(Refusal.ofSetup(Errno.EPERM, "0", "6.12").contains("seccomp"));
        assertTrue(Refusal.ofSetup(Errno.EPERM, "", "6.1").contains("seccomp"));
        assertEquals("needs Linux 6.1 (IORING_SETUP_DEFER_TASKRUN), this is 5.15", Refusal.ofSetup(Errno.EINVAL, "", "5.15"));
        assertTrue(Refusal.ofSetup(Errno.ENOSYS, "", "4.19").contains("4.19"));
        assertTrue(Refusal.ofSetup(Errno.ENOMEM, "", "6.1").contains("RLIMIT_MEMLOCK is "));
        assertTrue(Refusal.ofSetup(Errno.EMFILE, "", "6.1").contains("errno 24"));
        assertEquals("RLIMIT_MEMLOCK is 65536", Refusal.lockedMemory("Max locked memory         65536   65536    bytes\n"));
    }
}
