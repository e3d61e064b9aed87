package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.affinity.Affinity;
import io.hioload.affinity.CpuLimits;
import io.hioload.affinity.CpuSet;
import io.hioload.affinity.Placement;
import io.hioload.affinity.PlacementPlan;
import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.buffer.PoolGauges;
import io.hioload.buffer.PoolSettings;
import io.hioload.reactor.ChangePolicy;
import io.hioload.reactor.Reactor;
import io.hioload.reactor.ReactorSettings;
import io.hioload.testkit.affinity.RecordedAffinity;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Where reactors run and where their memory is, on a machine of two nodes with four CPUs each. */
class PlacementTest {

    private final RecordedAffinity machine = RecordedAffinity.machine(2, 4);
    private final Memory memory = new Memory();

    /** Plans as it is told to: spread begins at the last CPU, everything else at the first. */
    private final class Planned implements Affinity {
        private double quotaCpus = Double.POSITIVE_INFINITY;

        @Override
        public PlacementPlan plan(Placement placement, int threads) {
            List<Integer> cpus = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                cpus.add(placement.equals(Placement.SPREAD) ? 7 - i : i);
            }
            return new PlacementPlan(placement, cpus, cpus.stream().map(machine::nodeOf).toList(), "");
        }

        @Override
        public CpuLimits limits() {
            return new CpuLimits(CpuSet.of(usableCpus()), quotaCpus, List.of());
        }

        @Override
        public int[] usableCpus() {
            return machine.usableCpus();
        }

        @Override
        public int nodeOf(int cpu) {
            return machine.nodeOf(cpu);
        }

        @Override
        public boolean pin(int cpu) {
            return machine.pin(cpu);
        }

        @Override
        public boolean unpin() {
            return machine.unpin();
        }

        @Override
        public String limitation() {
            return machine.limitation();
        }

        @Override
        public String probeName() {
            return machine.probeName();
        }

        @Override
        public Map<String, Object> probe() {
            return machine.probe();
        }
    }

    /** Writes down which nodes it was asked for, and who tends its pools. */
    private static final class Memory implements BufferPoolManager {
        private final CheckedBufferPoolManager checked = new CheckedBufferPoolManager();
        private final List<Integer> nodes = Collections.synchronizedList(new ArrayList<>());
        private final CountDownLatch tended = new CountDownLatch(3);

        @Override
        public BufferPool confined(int node) {
            nodes.add(node);
            BufferPool pool = checked.confined(node);
            return new BufferPool() {
                @Override
                public Buffer acquire(int minCapacity) {
                    return pool.acquire(minCapacity);
                }

                @Override
                public int maxCapacity() {
                    return pool.maxCapacity();
                }

                @Override
                public void tend() {
                    tended.countDown();
                }
            };
        }

        @Override
        public BufferPool shared(int node) {
            return checked.shared(node);
        }

        @Override
        public void configure(PoolSettings settings) {
            checked.configure(settings);
        }

        @Override
        public long trim() {
            return checked.trim();
        }

        @Override
        public PoolGauges gauges() {
            return checked.gauges();
        }

        @Override
        public void close() {
            checked.close();
        }

        @Override
        public String probeName() {
            return checked.probeName();
        }

        @Override
        public Map<String, Object> probe() {
            return checked.probe();
        }
    }

    private Rig.Setup setup(Affinity affinity, Placement placement, int reactors) {
        Rig.Setup setup = new Rig.Setup();
        setup.affinity = affinity;
        setup.memory = memory;
        setup.reactors = reactors;
        setup.pinned = placement != null;
        setup.placement = placement == null ? Placement.SPREAD : placement;
        return setup;
    }

    private static void configure(Rig rig, boolean pinned, Placement placement, int reactors) throws Exception {
        ReactorSettings of = rig.group.settings();
        Rig.get(rig.group.configure(new ReactorSettings(of.name(), reactors, of.maxConnections(), pinned, placement, of.idle(),
                of.eventsPerTurn(), of.taskQueueSlots(), of.highWaterBytes(), of.lowWaterBytes(), of.lingerNs(), of.transport(),
                of.rebalance()), ChangePolicy.DEFAULT));
    }

    private List<Integer> cpus(Rig rig) throws Exception {
        List<Integer> cpus = new ArrayList<>();
        for (Reactor reactor : rig.group.reactors()) {
            cpus.add(Rig.on(reactor, () -> machine.cpuOf(Thread.currentThread())));
        }
        return cpus;
    }

    @Test
    void shouldRunWhereThePlanSaysWhenPinned() throws Exception {
        try (Rig rig = setup(new Planned(), Placement.SPREAD, 2).open()) {
            assertEquals(List.of(7, 6), cpus(rig));
            assertEquals(List.of(1, 1), memory.nodes, "memory is of the CPUs' node");
        }
        memory.checked.assertNoLeaks();
    }

    @Test
    void shouldRunAnywhereWhenNotPinned() throws Exception {
        try (Rig rig = setup(new Planned(), null, 2).open()) {
            assertEquals(List.of(-1, -1), cpus(rig));
            assertEquals(List.of(BufferPoolManager.ANY_NODE, BufferPoolManager.ANY_NODE), memory.nodes);
        }
    }

    @Test
    void shouldRunAnywhereWhenItCannotBePinned() throws Exception {
        machine.failing("not allowed");
        try (Rig rig = setup(new Planned(), Placement.SPREAD, 1).open()) {
            assertEquals(List.of(-1), cpus(rig));
            assertEquals(List.of(BufferPoolManager.ANY_NODE), memory.nodes);
        }
    }

    @Test
    void shouldPinAgainWhenThePlacementChanges() throws Exception {
        try (Rig rig = setup(new Planned(), Placement.SPREAD, 2).open()) {
            configure(rig, true, Placement.COMPACT, 2);
            assertEquals(List.of(0, 1), cpus(rig));
            configure(rig, false, Placement.COMPACT, 2);
            assertEquals(List.of(-1, -1), cpus(rig));
            configure(rig, true, Placement.SPREAD, 4);
            assertEquals(List.of(7, 6, 5, 4), cpus(rig), "reactors that came are placed with the others");
            configure(rig, true, Placement.COMPACT, 1);
            assertEquals(List.of(0), cpus(rig));
        }
        assertEquals(4, memory.nodes.size(), "a reactor keeps its memory");
    }

    @Test
    void shouldHaveAsManyReactorsAsTheQuotaIsWorthWhenNoNumberIsGiven() throws Exception {
        Planned quota = new Planned();
        quota.quotaCpus = 2.5;
        try (Rig rig = setup(quota, Placement.COMPACT, 0).open()) {
            assertEquals(List.of(0, 1, 2), cpus(rig));
        }
    }

    @Test
    void shouldTendItsPoolWhenNothingHappens() throws Exception {
        try (Rig rig = setup(machine, null, 1).open()) {
            assertTrue(memory.tended.await(10, TimeUnit.SECONDS), "an idle reactor does not keep its cache");
            assertEquals(0, rig.group.connections());
        }
    }
}
