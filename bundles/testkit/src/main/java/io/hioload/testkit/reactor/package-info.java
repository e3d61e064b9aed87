/**
 * A reactor and connections without threads and sockets: what a connection handler does is written down.
 */
@Export
@Version("0.1.0")
package io.hioload.testkit.reactor;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
