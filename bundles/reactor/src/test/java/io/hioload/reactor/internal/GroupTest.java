package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.DebugProbe;
import io.hioload.reactor.Connection;
import io.hioload.reactor.Reactor;
import io.hioload.reactor.ReactorProvider;
import io.hioload.reactor.ReactorSettings;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import io.hioload.testkit.memory.MemoryNetwork;
import io.hioload.testkit.memory.MemoryTransportProvider;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import io.hioload.transport.TransportException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class GroupTest {

    private static long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith(prefix)).count();
    }

    @Test
    void shouldBeFoundByTheServiceLoader() {
        assertInstanceOf(EventLoopProvider.class, ServiceLoader.load(ReactorProvider.class).findFirst().orElseThrow());
    }

    @Test
    void shouldRunOneReactorForEachUsableCpu() throws Exception {
        MemoryTransportProvider transport = new MemoryTransportProvider(new MemoryNetwork());
        CheckedBufferPoolManager memory = new CheckedBufferPoolManager();
        try (var group = new EventLoopProvider().open(ReactorSettings.defaults("cpus"), transport, memory, new FixedCpus(3))) {
            assertEquals(3, group.reactors().size());
            assertEquals(3, threads("hioload-cpus-"));
            assertEquals(List.of(0, 1, 2, 0), List.of(group.next().index(), group.next().index(), group.next().index(),
                    group.next().index()));
            assertEquals(List.of("reactor-0", "reactor-1", "reactor-2", "checked-pool"),
                    group.probes().stream().map(DebugProbe::probeName).toList());
            assertEquals("hioload-cpus-0", group.probes().getFirst().probe().get("thread"));
        }
        assertEquals(0, threads("hioload-cpus-"));
        assertThrows(IllegalStateException.class, () -> memory.shared(0).acquire(1), "memory is closed with the group");
    }

    @Test
    void shouldLeaveNothingWhenALoopCannotBeOpened() {
        for (int good = 0; good < 3; good++) {
            MemoryNetwork network = new MemoryNetwork();
            network.faults().failOpen(good, Status.NO_RESOURCES);
            MemoryTransportProvider transport = new MemoryTransportProvider(network);
            CheckedBufferPoolManager memory = new CheckedBufferPoolManager();
            TransportException refused = assertThrows(TransportException.class,
                    () -> new EventLoopProvider().open(ReactorSettings.defaults("broken"), transport, memory, new FixedCpus(3)));
            assertTrue(refused.getMessage().contains("out of descriptors"), refused.getMessage());
            assertEquals(0, transport.openLoops());
            assertEquals(0, threads("hioload-broken-"));
            assertThrows(IllegalStateException.class, () -> memory.shared(0).acquire(1), "memory is closed");
        }
    }

    @Test
    void shouldLeakRatherThanFreeWhenOperationsStayInFlight() throws Exception {
        Logger.getLogger(LoopThread.class.getName()).setFilter(message -> false);
        Logger.getLogger(EventLoopGroup.class.getName()).setFilter(message -> false);
        Rig rig = Rig.open();
        Recorder handler = new Recorder();
        rig.peer(handler);
        handler.next();
        rig.network.faults().inFlight(1);
        rig.group.close();
        assertEquals(1, rig.transport.openLoops(), "the loop is not closed");
        rig.memory.shared(0).acquire(1).release();
        assertEquals("closed closed by this side", handler.next());
        assertEquals(0, threads("hioload-test-"));
        Logger.getLogger(LoopThread.class.getName()).setFilter(null);
        Logger.getLogger(EventLoopGroup.class.getName()).setFilter(null);
    }

    @Test
    void shouldRefuseToCloseOnItsOwnThread() throws Exception {
        try (Rig rig = Rig.open()) {
            assertThrows(IllegalStateException.class, () -> Rig.on(rig.reactor(), () -> {
                rig.group.close();
                return null;
            }));
            assertEquals(1, Rig.on(rig.reactor(), () -> 1));
        }
    }

    @Test
    void shouldVisitOpenConnectionsAndShowThem() throws Exception {
        try (Rig rig = Rig.open()) {
            for (int i = 0; i < 100; i++) {
                Recorder handler = new Recorder();
                rig.peer(handler);
                handler.next();
            }
            Reactor reactor = rig.reactor();
            List<Connection> seen = new ArrayList<>();
            Rig.on(reactor, () -> {
                reactor.forEachConnection(connection -> {
                    seen.add(connection);
                    connection.close(CloseMode.ABORT);
                });
                return null;
            });
            assertEquals(100, seen.size());
            assertEquals(100, seen.stream().mapToLong(Connection::id).distinct().count());
            assertFalse(seen.getFirst().isOpen());
            rig.await(() -> rig.group.connections() == 0);
            Map<String, Object> probe = reactor.probe();
            assertEquals("memory", probe.get("transport"));
            assertEquals(0L, probe.get("connections"));
            assertEquals(0L, probe.get("unsentBytes"));
            assertEquals(100L, ((Map<?, ?>) probe.get("counters")).get("connections.closed"));
        }
    }

    @Test
    void shouldLeaveNothingWhenStartedAndStoppedOften() throws Exception {
        for (int i = 0; i < 50; i++) {
            Rig.Setup setup = new Rig.Setup();
            setup.reactors = 2;
            try (Rig rig = setup.open()) {
                rig.peer(new Recorder()).send("unread");
            }
        }
        assertEquals(0, threads("hioload-test-"));
    }
}
