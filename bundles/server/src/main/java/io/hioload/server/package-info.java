/**
 * The server for plain Java: {@link io.hioload.server.Hioload#server} and a few lines. In OSGi nothing here is needed; a
 * server is a configuration of factory PID {@code io.hioload.server}.
 */
@Export
@Version("0.1.0")
package io.hioload.server;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
