package io.hioload.testkit.memory;

import io.hioload.transport.ListenOptions;
import io.hioload.transport.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;

/** The listeners of one loop by number. The loop's thread only; the network owns the queues. */
final class MemoryListeners {

    private final MemoryNetwork network;
    private MemoryAcceptQueue[] queues = new MemoryAcceptQueue[1];

    MemoryListeners(MemoryNetwork network) {
        this.network = network;
    }

    /** One more than the highest number there was. */
    int count() {
        return queues.length;
    }

    private MemoryAcceptQueue get(int number) {
        return number < queues.length ? queues[number] : null;
    }

    private void put(int number, MemoryAcceptQueue queue) {
        if (number >= queues.length) {
            queues = Arrays.copyOf(queues, number + 1);
        }
        queues[number] = queue;
    }

    int listen(int number, SocketAddress local, ListenOptions options) {
        if (!(local instanceof InetSocketAddress address)) {
            return Status.NOT_SUPPORTED;
        }
        MemoryAcceptQueue queue = network.bind(address, options);
        if (queue == null) {
            return Status.ADDRESS_IN_USE;
        }
        put(number, queue);
        return Status.OK;
    }

    int unlisten(int number) {
        MemoryAcceptQueue queue = get(number);
        if (queue == null) {
            return Status.CLOSED;
        }
        queues[number] = null;
        network.unbind(queue);
        return Status.OK;
    }

    SocketAddress localAddress(int number) {
        MemoryAcceptQueue queue = get(number);
        return queue == null ? null : queue.address;
    }

    /** Who waits the longest, {@code null} if nobody does. */
    MemoryEnd accept(int number) {
        MemoryAcceptQueue queue = get(number);
        if (queue == null) {
            return null;
        }
        synchronized (network) {
            return queue.waiting.poll();
        }
    }

    long detach(int number) {
        MemoryAcceptQueue queue = get(number);
        if (queue == null) {
            return Status.CLOSED;
        }
        queues[number] = null;
        return network.park(queue);
    }

    int adopt(int number, long handle) {
        MemoryAcceptQueue queue = network.unpark(handle, MemoryAcceptQueue.class);
        if (queue == null) {
            return Status.CLOSED;
        }
        put(number, queue);
        return Status.OK;
    }
}
