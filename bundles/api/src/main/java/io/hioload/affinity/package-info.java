/**
 * Placement of threads: which CPUs this process may use, which NUMA node each belongs to, pinning and unpinning.
 */
@Export
@Version("0.1.0")
package io.hioload.affinity;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
