/**
 * The WebSocket client, on the same transports, reactors and sessions as the server and with the same handlers:
 * {@link io.hioload.client.WebSocketClient} for plain Java, {@link io.hioload.client.WebSocketClientProvider} as a service.
 */
@Export
@Version("0.1.0")
package io.hioload.client;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
