package io.hioload.reactor.internal;

import io.hioload.ffm.socket.Sockets;
import io.hioload.transport.TransportProvider;
import java.util.function.LongConsumer;

/**
 * Which handles can be kept while there is no transport: those that can be closed without the transport that they came from,
 * since its bundle may be uninstalled meanwhile. Any thread.
 */
interface RestingHandles {

    /** POSIX file descriptors, and nothing else. */
    RestingHandles DESCRIPTORS = kind -> kind.equals(TransportProvider.FILE_DESCRIPTOR) ? RestingHandles::closeDescriptor : null;

    /**
     * What closes handles of a kind.
     *
     * @param kind of a transport
     * @return closes one on any thread, or null if handles of this kind cannot be kept
     */
    LongConsumer closer(String kind);

    private static void closeDescriptor(long handle) {
        Sockets.discard((int) handle);
    }
}
