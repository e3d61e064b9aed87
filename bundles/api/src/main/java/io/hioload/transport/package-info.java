/**
 * The transport SPI: completion-based, with the transport choosing the receive buffer. A plugin implements
 * {@link io.hioload.transport.TransportProvider} and {@link io.hioload.transport.TransportLoop}; the core implements
 * {@link io.hioload.transport.LoopContext} and {@link io.hioload.transport.TransportEvents}.
 */
@Export
@Version("0.1.0")
package io.hioload.transport;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
