package io.hioload.transport.nio;

import io.hioload.transport.ListenOptions;
import io.hioload.transport.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.util.Arrays;

/** The listening channels of one loop by number. The loop's thread only. Owns the channels. */
final class NioListeners {

    private static final long BACKOFF_NS = 100_000_000;

    private final SelectorKeys keys;
    private NioListener[] listeners = new NioListener[4];
    private boolean resting;
    private long resumeNs;

    NioListeners(SelectorKeys keys) {
        this.keys = keys;
    }

    private NioListener get(int number) {
        return number >= 0 && number < listeners.length ? listeners[number] : null;
    }

    int listen(int number, SocketAddress local, ListenOptions options) {
        if (!(local instanceof InetSocketAddress)) {
            return Status.NOT_SUPPORTED;
        }
        if (get(number) != null) {
            return Status.ADDRESS_IN_USE;
        }
        try {
            return put(NioListener.bind(number, local, options));
        } catch (UnsupportedOperationException e) {
            return Status.NOT_SUPPORTED;
        } catch (IOException | IllegalArgumentException e) {
            return IoErrors.ofSetup(e);
        }
    }

    int adopt(int number, long handle) {
        ChannelHandles.Entry entry = ChannelHandles.get(handle);
        if (entry == null || !(entry.channel() instanceof ServerSocketChannel channel)) {
            return Status.CLOSED;
        }
        if (get(number) != null) {
            return Status.ADDRESS_IN_USE;
        }
        int status = put(new NioListener(number, channel, entry.options()));
        if (status == Status.OK) {
            ChannelHandles.remove(handle);
        }
        return status;
    }

    private int put(NioListener listener) {
        SelectionKey key = keys.register(listener.channel, SelectionKey.OP_ACCEPT, listener);
        if (key == null) {
            return Status.CLOSED;
        }
        listener.key = key;
        if (listener.number >= listeners.length) {
            listeners = Arrays.copyOf(listeners, Math.max(listener.number + 1, listeners.length * 2));
        }
        listeners[listener.number] = listener;
        return Status.OK;
    }

    private NioListener remove(int number) {
        NioListener listener = get(number);
        if (listener != null) {
            listener.gone = true;
            listeners[number] = null;
        }
        return listener;
    }

    int unlisten(int number) {
        NioListener listener = remove(number);
        if (listener == null) {
            return Status.CLOSED;
        }
        ChannelHandles.closeQuietly(listener.channel);
        try {
            keys.freeClosed();
        } catch (IOException e) {
            return IoErrors.ofSetup(e);
        }
        return Status.OK;
    }

    long detach(int number) {
        NioListener listener = remove(number);
        if (listener == null) {
            return Status.CLOSED;
        }
        keys.letGo(listener.key);
        return ChannelHandles.put(listener.channel, listener.options);
    }

    SocketAddress localAddress(int number) {
        NioListener listener = get(number);
        try {
            return listener == null ? null : listener.channel.getLocalAddress();
        } catch (IOException e) {
            return null;
        }
    }

    /** Out of descriptors: the connection stays in the queue, and the selector would report it without a pause. */
    void rest(NioListener listener) {
        listener.key.interestOps(0);
        resting = true;
        resumeNs = System.nanoTime() + BACKOFF_NS;
    }

    /**
     * Shortens a wait to the end of the rest, and ends the rest when it is over.
     *
     * @param timeoutNs wanted wait, negative for no limit
     * @return wait in ns
     */
    long bound(long timeoutNs) {
        if (!resting) {
            return timeoutNs;
        }
        long leftNs = resumeNs - System.nanoTime();
        if (leftNs > 0) {
            return timeoutNs < 0 ? leftNs : Math.min(timeoutNs, leftNs);
        }
        resting = false;
        for (NioListener listener : listeners) {
            if (listener != null) {
                listener.key.interestOps(SelectionKey.OP_ACCEPT);
            }
        }
        return timeoutNs;
    }

    void close() {
        for (int number = 0; number < listeners.length; number++) {
            unlisten(number);
        }
    }
}
