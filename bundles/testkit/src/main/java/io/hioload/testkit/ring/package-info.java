/**
 * The queue test kit: {@link io.hioload.testkit.ring.RingTestKit} is what every {@link io.hioload.concurrent.Ring} passes.
 */
@Export
@Version("0.1.0")
package io.hioload.testkit.ring;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
