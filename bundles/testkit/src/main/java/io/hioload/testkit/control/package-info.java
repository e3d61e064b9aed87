/**
 * A {@link io.hioload.control.Control} over any schema, without a server.
 */
@Export
@Version("0.1.0")
package io.hioload.testkit.control;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
