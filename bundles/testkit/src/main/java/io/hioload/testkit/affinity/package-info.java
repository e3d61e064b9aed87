/**
 * Affinity without a machine: {@link io.hioload.testkit.affinity.RecordedAffinity} shows any topology and writes down which
 * thread was pinned where.
 */
@Export
@Version("0.1.0")
package io.hioload.testkit.affinity;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
