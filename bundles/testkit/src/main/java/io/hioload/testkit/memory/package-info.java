/**
 * A transport in memory, for tests of everything above a transport: no sockets, no ports, no timing of an operating
 * system, and faults on demand. A {@link io.hioload.testkit.memory.MemoryNetwork} is the world, its
 * {@link io.hioload.testkit.memory.MemoryTransportProvider providers} give it to reactors, and a test plays the other
 * side as a {@link io.hioload.testkit.memory.MemoryPeer}:
 *
 * <pre>{@code
 * MemoryNetwork network = new MemoryNetwork();
 * ReactorGroup group = reactors.open(settings, new MemoryTransportProvider(network), memory, affinity);
 * Listener listener = group.listen(address, ListenOptions.DEFAULT, factory).toCompletableFuture().get();
 * MemoryPeer peer = network.connect(listener.localAddress());
 * peer.send("hello".getBytes(UTF_8));
 * byte[] answer = peer.receive(5);
 * }</pre>
 *
 * <p>Two loops that connect to each other through one network need no peer. What goes wrong, and when, is said to
 * {@link io.hioload.testkit.memory.MemoryFaults}.
 */
@Export
@Version("0.1.0")
package io.hioload.testkit.memory;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
