/**
 * Reference-counted memory: {@link io.hioload.buffer.Buffer} handles over slabs that a
 * {@link io.hioload.buffer.BufferPoolManager} maps, one {@link io.hioload.buffer.BufferPool} per reactor and one
 * shared one per NUMA node.
 */
@Export
@Version("0.1.0")
package io.hioload.buffer;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
