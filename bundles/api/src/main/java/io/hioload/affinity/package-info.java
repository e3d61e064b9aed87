/**
 * Placement of threads: what the machine is made of ({@link io.hioload.affinity.Topology}), what of it this process may use
 * ({@link io.hioload.affinity.CpuLimits}), which CPU each reactor is to get ({@link io.hioload.affinity.PlacementPlan}),
 * pinning and unpinning.
 */
@Export
@Version("0.1.0")
package io.hioload.affinity;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
