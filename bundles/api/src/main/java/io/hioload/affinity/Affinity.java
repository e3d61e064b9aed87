package io.hioload.affinity;

import io.hioload.control.DebugProbe;
import java.util.ArrayList;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Places threads on CPUs. A service in OSGi, a {@link java.util.ServiceLoader} provider outside. Any thread may call it, at
 * any time: a thread can be placed again and again while it runs. Costs some microseconds a call, {@link #topology} the first
 * time some milliseconds.
 *
 * <p>The methods with a body do what can be done without knowing the machine; an implementation that knows it does better.
 */
@ConsumerType
public interface Affinity extends DebugProbe {

    /**
     * The CPUs that this process may run on (cpuset and task mask respected), ascending. Asked of the system each time.
     *
     * @return operating system CPU numbers, at least one
     */
    int[] usableCpus();

    /**
     * The NUMA node of a CPU.
     *
     * @param cpu operating system CPU number
     * @return the node, 0 where the system does not tell
     */
    int nodeOf(int cpu);

    /**
     * Lets the calling thread run on one CPU only.
     *
     * @param cpu one of {@link #usableCpus}
     * @return false if the system cannot or will not; {@link #limitation} says why
     */
    boolean pin(int cpu);

    /**
     * Lets the calling thread run on every usable CPU again.
     *
     * @return false if the system cannot or will not
     */
    boolean unpin();

    /**
     * Why threads cannot be pinned here, or could not the last time.
     *
     * @return the reason, or the empty string when they can
     */
    String limitation();

    /**
     * What the machine is made of, as read when it was first asked for, or when a plan met a CPU that had come online since.
     *
     * @return the topology, immutable
     */
    default Topology topology() {
        return Topology.flat(CpuSet.of(usableCpus()));
    }

    /**
     * What of the machine this process may use now. Asked of the system each time.
     *
     * @return usable CPUs and quota
     */
    default CpuLimits limits() {
        return new CpuLimits(CpuSet.of(usableCpus()), Double.POSITIVE_INFINITY, List.of());
    }

    /**
     * Chooses a CPU for each of some threads, of those that are usable now. Pins nothing.
     *
     * @param placement the rule
     * @param threads   how many, from 0
     * @return the plan; where a rule cannot be followed, its note says why and it is as good as it can be
     */
    default PlacementPlan plan(Placement placement, int threads) {
        int[] usable = usableCpus();
        List<Integer> cpus = new ArrayList<>();
        List<Integer> nodes = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            cpus.add(usable[i % usable.length]);
            nodes.add(nodeOf(cpus.get(i)));
        }
        return new PlacementPlan(placement, cpus, nodes, "the machine is not known: CPUs in turn");
    }

    /**
     * The calling thread's number in the operating system (gettid(2), GetCurrentThreadId).
     *
     * @return from 1; 0 if the system does not tell or the thread is virtual
     */
    default long threadId() {
        return 0;
    }

    /**
     * The CPUs that a thread may run on now.
     *
     * @param threadId from {@link #threadId}, in this process; 0 is the calling thread
     * @return a set; empty if the system does not tell or there is no such thread
     */
    default CpuSet cpusOf(long threadId) {
        return CpuSet.EMPTY;
    }

    /**
     * Lets another thread of this process run on one CPU only.
     *
     * @param threadId from {@link #threadId}; 0 is the calling thread
     * @param cpu      one of {@link #usableCpus}
     * @return false if the system cannot or will not; {@link #limitation} says why
     */
    default boolean pin(long threadId, int cpu) {
        return threadId == 0 && pin(cpu);
    }

    /**
     * Lets another thread of this process run on every usable CPU again.
     *
     * @param threadId from {@link #threadId}; 0 is the calling thread
     * @return false if the system cannot or will not; {@link #limitation} says why
     */
    default boolean unpin(long threadId) {
        return threadId == 0 && unpin();
    }
}
