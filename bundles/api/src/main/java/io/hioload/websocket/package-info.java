/**
 * The programming model: a {@link io.hioload.websocket.WebSocketHandler} is served while it is registered, and speaks to
 * its peer through a {@link io.hioload.websocket.Session}.
 */
@Export
@Version("0.1.0")
package io.hioload.websocket;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
