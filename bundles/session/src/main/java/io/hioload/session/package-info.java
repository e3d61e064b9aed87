/**
 * What stands between a connection and an endpoint: {@link io.hioload.session.SessionEngine} runs WebSocket sessions over
 * connections, {@link io.hioload.session.RouteTable} finds the endpoint of a path. Servers and clients put them together.
 */
@Export
@Version("0.1.0")
package io.hioload.session;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
