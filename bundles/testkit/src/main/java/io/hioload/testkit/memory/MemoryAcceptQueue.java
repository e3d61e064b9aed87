package io.hioload.testkit.memory;

import io.hioload.transport.ListenOptions;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;

/** A listening address with the connections that wait for being accepted. Guarded by its network. */
final class MemoryAcceptQueue {

    final InetSocketAddress address;
    final ListenOptions options;
    final ArrayDeque<MemoryEnd> waiting = new ArrayDeque<>();

    MemoryAcceptQueue(InetSocketAddress address, ListenOptions options) {
        this.address = address;
        this.options = options;
    }
}
