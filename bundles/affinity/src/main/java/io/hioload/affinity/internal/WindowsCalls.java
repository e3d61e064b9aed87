package io.hioload.affinity.internal;

import io.hioload.affinity.Topology;

/** What Windows is asked; a facade, so that it can be tested elsewhere. Any thread. */
interface WindowsCalls {

    /** A mask of CPUs within one processor group (GROUP_AFFINITY). */
    record GroupMask(int group, long mask) {
    }

    /** The masks of GetProcessAffinityMask: both 0 if the process has threads in several groups. */
    record ProcessMask(long process, long system) {
    }

    /** Asks GetLogicalProcessorInformationEx. */
    Topology readTopology();

    /** Asks GetProcessAffinityMask. */
    ProcessMask processMask();

    /** GetCurrentThreadId. */
    long threadId();

    /** Asks GetThreadGroupAffinity; null if there is no such thread in this process. 0 is the calling thread. */
    GroupMask threadMask(long thread);

    /** SetThreadGroupAffinity; returns why not, or the empty string. 0 is the calling thread. */
    String setThreadMask(long thread, GroupMask mask);
}
