package io.hioload.affinity.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.affinity.CpuSet;
import io.hioload.affinity.Placement;
import io.hioload.affinity.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class WindowsSystemTest {

    /** Two groups of 48 CPUs, and threads with one mask each. */
    private static final class FakeCalls implements WindowsCalls {

        private final Map<Long, GroupMask> masks = new HashMap<>(Map.of(0L, new GroupMask(0, (1L << 48) - 1), 77L, new GroupMask(1, 3)));
        private ProcessMask process = new ProcessMask(0, 0);

        @Override
        public Topology readTopology() {
            return WindowsRecords.topology(2, 24, 2);
        }

        @Override
        public ProcessMask processMask() {
            return process;
        }

        @Override
        public long threadId() {
            return 5;
        }

        @Override
        public GroupMask threadMask(long thread) {
            return masks.get(thread);
        }

        @Override
        public String setThreadMask(long thread, GroupMask mask) {
            masks.put(thread, mask);
            return "";
        }
    }

    private final FakeCalls calls = new FakeCalls();
    private final SystemAffinity affinity = new SystemAffinity(new WindowsSystem(calls));

    @Test
    void shouldMoveThreadToGroupOfItsCpuWhenPinnedAndKeepItThereWhenUnpinned() {
        assertTrue(affinity.pin(64 + 5), affinity.limitation());
        assertEquals(new WindowsCalls.GroupMask(1, 1 << 5), calls.masks.get(0L));
        assertEquals(CpuSet.of(69), affinity.cpusOf(0));
        assertTrue(affinity.unpin());
        assertEquals(CpuSet.parse("64-111"), affinity.cpusOf(0));
        assertEquals(5, affinity.threadId());
    }

    @Test
    void shouldPinAnotherThreadAndRefuseOneOfAnotherProcess() {
        assertTrue(affinity.pin(77, 3));
        assertEquals(CpuSet.of(3), affinity.cpusOf(77));
        assertTrue(affinity.unpin(77));
        assertEquals(CpuSet.parse("0-47"), affinity.cpusOf(77));
        assertFalse(affinity.pin(78, 3));
        assertTrue(affinity.limitation().contains("none of this process"));
        assertTrue(affinity.cpusOf(78).isEmpty());
        assertFalse(affinity.pin(50), "there is no such CPU in a group of 48");
    }

    @Test
    void shouldUseAllGroupsWhenProcessIsNotLimitedAndItsMaskWhenItIs() {
        assertEquals(96, affinity.usableCpus().length);
        assertEquals(List.of(0, 64, 2, 66), affinity.plan(Placement.SPREAD, 4).cpus());
        calls.process = new WindowsCalls.ProcessMask(0b1111, (1L << 48) - 1);
        assertEquals(CpuSet.parse("0-3"), affinity.limits().usable());
        assertEquals(List.of("process affinity mask 0-3"), affinity.limits().reasons());
        assertEquals(List.of(0, 2, 1, 3), affinity.plan(Placement.near("Ethernet"), 4).cpus());
        assertTrue(affinity.plan(Placement.near("Ethernet"), 4).note().contains("does not tell"));
    }

    @Test
    void shouldRefuseWhenThreadIsVirtual() throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(() -> affinity.threadId() == 0 && !affinity.pin(0));
        Thread.ofVirtual().start(task);
        assertTrue(task.get());
    }
}
