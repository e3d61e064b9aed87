/** The transport test kit: what every transport must do, as tests that a plugin inherits. */
@Export
@Version("0.1.0")
package io.hioload.testkit.transport;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
