/** A buffer pool that finds leaks, double releases and writes after release, for tests. */
@Export
@Version("0.1.0")
package io.hioload.testkit.buffer;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
