/**
 * A frame codec so plain that a test can write its frames by hand.
 */
@Export
@Version("0.1.0")
package io.hioload.testkit.protocol;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
