package io.hioload.affinity.internal;

import io.hioload.affinity.CpuLimits;
import io.hioload.affinity.CpuSet;
import io.hioload.affinity.Topology;

/** What an operating system tells of its CPUs, and what it does about where threads run. Any thread. */
interface HostSystem {

    /** A thread of its own number: the calling one. */
    long CALLING_THREAD = 0;
    /** What {@link #nodeOfInterface} says if the system does not tell. */
    int NO_NODE = -1;
    /** What {@link #nodeOfInterface} says if there is no such interface. */
    int NO_INTERFACE = -2;

    /** Reads what the machine is made of; costs milliseconds. */
    Topology readTopology();

    /** What this process may use now. */
    CpuLimits limits();

    /** The NUMA node that a network interface is attached to, or one of the constants above. */
    int nodeOfInterface(String name);

    /** The calling thread's number; 0 if the system does not tell. */
    long threadId();

    /** The CPUs that a thread of this process may run on; empty if the system does not tell. */
    CpuSet cpusOf(long thread);

    /**
     * Lets a thread of this process run on some CPUs only.
     *
     * @return why not, or the empty string if it was done
     */
    String restrict(long thread, CpuSet cpus);

    /** Why no thread can be placed here, or the empty string. */
    String limitation();
}
