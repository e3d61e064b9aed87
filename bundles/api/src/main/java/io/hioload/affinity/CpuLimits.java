package io.hioload.affinity;

import java.util.List;

/**
 * What of the machine this process may use, at the time it was asked.
 *
 * @param usable  the CPUs that it may run on, at least one: task mask and cpuset respected
 * @param quota   how many CPUs' time it may use, such as 1.5 (cgroup cpu.max, cpu.cfs_quota_us);
 *                {@link Double#POSITIVE_INFINITY} without a limit
 * @param reasons what limits it, for people; empty if nothing does
 */
public record CpuLimits(CpuSet usable, double quota, List<String> reasons) {

    /** Copies the list. */
    public CpuLimits {
        reasons = List.copyOf(reasons);
    }

    /**
     * How many busy threads make sense: one for each usable CPU, but no more than the quota rounded up.
     *
     * @return from 1
     */
    public int parallelism() {
        return Math.max(1, (int) Math.min(usable.size(), Math.ceil(quota)));
    }
}
