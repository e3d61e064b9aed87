/**
 * Event loops and connections: a {@link io.hioload.reactor.Reactor} is one thread which owns the connections that were
 * opened on it, a {@link io.hioload.reactor.ConnectionHandler} receives their bytes. Everything above bytes (HTTP,
 * WebSocket, a protocol of one's own) is a connection handler.
 */
@Export
@Version("0.1.0")
package io.hioload.reactor;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
