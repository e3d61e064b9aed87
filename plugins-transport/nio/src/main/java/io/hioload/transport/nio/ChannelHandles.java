package io.hioload.transport.nio;

import io.hioload.transport.ListenOptions;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Channels on their way from one loop to another, by number: a channel cannot be a {@code long}. Any thread. An entry
 * lives from detach to adopt or discard.
 */
final class ChannelHandles {

    /**
     * The numbers mean something to this class only: another revision of the bundle has another table, so the kind
     * tells them apart.
     */
    static final String KIND = "java-channel-" + Integer.toHexString(System.identityHashCode(ChannelHandles.class));

    private static final ConcurrentHashMap<Long, Entry> ENTRIES = new ConcurrentHashMap<>();
    private static final AtomicLong NEXT = new AtomicLong(1);

    /**
     * A channel without an owner.
     *
     * @param channel non-blocking
     * @param options how its listener was opened; {@code null} for a connection
     */
    record Entry(SelectableChannel channel, ListenOptions options) {
    }

    private ChannelHandles() {
    }

    static long put(SelectableChannel channel, ListenOptions options) {
        long handle = NEXT.getAndIncrement();
        ENTRIES.put(handle, new Entry(channel, options));
        return handle;
    }

    static Entry get(long handle) {
        return ENTRIES.get(handle);
    }

    static void remove(long handle) {
        ENTRIES.remove(handle);
    }

    static void discard(long handle) {
        Entry entry = ENTRIES.remove(handle);
        if (entry != null) {
            closeQuietly(entry.channel);
        }
    }

    static void closeQuietly(SelectableChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // close(2) frees the descriptor whatever it answers
        }
    }
}
