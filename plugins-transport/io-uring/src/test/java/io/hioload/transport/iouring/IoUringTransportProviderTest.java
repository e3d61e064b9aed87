package io.hioload.transport.iouring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSchema;
import io.hioload.transport.Availability;
import io.hioload.transport.TransportProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    void shouldDeclareKeysAsTheyStandInReadme() throws Exception {
        List<String> lines = Files.readAllLines(Path.of("README.md"));
        List<ConfigKey> keys = new IoUringTransportProvider().keys();
        List<String> table = new ConfigSchema("", "", keys, snapshot -> List.of()).markdown().lines().toList();
        int at = lines.indexOf(table.getFirst());
        assertEquals(table, lines.subList(at, at + table.size()));
        assertEquals("", lines.get(at + table.size()), "no more keys");
        keys.forEach(key -> assertTrue(key.name().startsWith("transport.io_uring."), key.name()));
    }
}
