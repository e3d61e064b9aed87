package io.hioload.affinity.internal;

import io.hioload.affinity.Cpu;
import io.hioload.affinity.CpuLimits;
import io.hioload.affinity.CpuSet;
import io.hioload.affinity.Topology;
import io.hioload.affinity.internal.WindowsCalls.GroupMask;
import io.hioload.affinity.internal.WindowsCalls.ProcessMask;
import java.util.List;

/**
 * Windows: a CPU is known by its processor group of up to 64 and its number in it, here 64 times the one plus the other. A
 * thread's mask lies in one group at a time, so a thread that is unpinned may run on all usable CPUs of the group that it is
 * in (Windows documentation, Processor Groups). Which node a network interface is on Windows does not tell. Any thread.
 */
final class WindowsSystem implements HostSystem {

    private final WindowsCalls calls;
    private final Topology online;

    WindowsSystem(WindowsCalls calls) {
        this.calls = calls;
        this.online = calls.readTopology();
    }

    @Override
    public Topology readTopology() {
        return calls.readTopology();
    }

    /** A process that is kept to some CPUs is kept within the group that it is in; one that is not may use all groups. */
    @Override
    public CpuLimits limits() {
        CpuSet all = CpuSet.of(online.cpus().stream().mapToInt(Cpu::number).toArray());
        ProcessMask mask = calls.processMask();
        GroupMask own = calls.threadMask(CALLING_THREAD);
        if (mask.process() == mask.system() || own == null) {
            return new CpuLimits(all, Double.POSITIVE_INFINITY, List.of());
        }
        CpuSet usable = cpus(new GroupMask(own.group(), mask.process()));
        return new CpuLimits(usable, Double.POSITIVE_INFINITY, List.of("process affinity mask " + usable));
    }

    @Override
    public int nodeOfInterface(String name) {
        return NO_NODE;
    }

    @Override
    public long threadId() {
        return Thread.currentThread().isVirtual() ? 0 : calls.threadId();
    }

    @Override
    public CpuSet cpusOf(long thread) {
        GroupMask mask = calls.threadMask(thread);
        return mask == null ? CpuSet.EMPTY : cpus(mask);
    }

    @Override
    public String restrict(long thread, CpuSet cpus) {
        if (thread == CALLING_THREAD && Thread.currentThread().isVirtual()) {
            return "a virtual thread has no CPU of its own";
        }
        GroupMask now = calls.threadMask(thread);
        if (now == null) {
            return "thread " + thread + " is none of this process";
        }
        long[] words = cpus.toMask();
        int group = now.group() < words.length && words[now.group()] != 0 ? now.group() : cpus.first() / Long.SIZE;
        return calls.setThreadMask(thread, new GroupMask(group, words[group]));
    }

    @Override
    public String limitation() {
        return "";
    }

    /** The CPUs of a mask by our numbers. */
    static CpuSet cpus(GroupMask mask) {
        long[] words = new long[mask.group() + 1];
        words[mask.group()] = mask.mask();
        return CpuSet.ofMask(words);
    }
}
