package io.hioload.affinity;

import io.hioload.control.DebugProbe;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Places threads on CPUs. A service in OSGi, a {@link java.util.ServiceLoader} provider outside. Any thread may call it;
 * pinning concerns the calling thread.
 */
@ConsumerType
public interface Affinity extends DebugProbe {

    /**
     * The CPUs that this process may run on (cpuset and task mask respected), ascending.
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
     * Why threads cannot be pinned here.
     *
     * @return the reason, or the empty string when they can
     */
    String limitation();
}
