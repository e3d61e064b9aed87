package io.hioload.transport.nio;

import io.hioload.buffer.Buffer;
import io.hioload.transport.CloseMode;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.LoopContext;
import io.hioload.transport.Status;
import io.hioload.transport.TransportEvents;
import io.hioload.transport.TransportLoop;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One selector on one thread. It owns its channels, the buffers that wait to be sent, and one receive buffer, which is
 * used again as long as nobody retained it.
 *
 * <p>A selector reports errors only of sockets it waits for: while receiving is off and nothing is queued, a reset by the
 * peer shows no sooner than receiving is on again.
 *
 * <p>Closing a registered channel frees its descriptor at the next {@link #poll}: the JDK deregisters only there.
 *
 * <p>Cost: an echo allocates nothing here; what the JDK's selector allocates is its own.
 */
final class NioLoop implements TransportLoop, Consumer<SelectionKey> {

    private static final int MOST_ACCEPTS_PER_EVENT = 64;
    private static final long STARVATION_BACKOFF_NS = 1_000_000;

    private final TransportEvents events;
    private final NioCounters counters;
    private final SelectorKeys keys;
    private final NioListeners listeners;
    private final NioStreams streams;
    private final NioTable table;
    private final NioConnects connects;

    private final List<NioConnection> failed = new ArrayList<>();
    private final ArrayDeque<SelectionKey> ready = new ArrayDeque<>();
    private int limit;
    private int delivered;
    private boolean closed;

    NioLoop(LoopContext context) throws IOException {
        events = context.events();
        counters = new NioCounters(context.counters());
        streams = new NioStreams(context, counters, NioTable.FIRST_SLOTS);
        keys = new SelectorKeys();
        table = new NioTable(keys, streams, context.maxConnections());
        connects = new NioConnects(events, table);
        listeners = new NioListeners(keys);
        loadClasses();
    }

    /** What is needed only now and then, so that it cannot be missing once the bundle is gone. */
    private static void loadClasses() {
        ChannelHandles.get(0);
        IoErrors.ofStream(new IOException());
        IoErrors.ofSetup(new IOException());
        new NioConnection(0, null).slot();
        new NioListener(0, null, null).gone = true;
    }

    // ---- events

    @Override
    public int poll(int most, long timeoutNs) {
        if (closed) {
            return 0;
        }
        limit = most;
        delivered = 0;
        reportFailed();
        drainReady();
        if (ready.isEmpty()) {
            select(delivered > 0 ? 0 : timeoutNs);
        }
        return delivered;
    }

    private void select(long timeoutNs) {
        long waitNs = listeners.bound(timeoutNs);
        if (streams.starved() && waitNs != 0) {
            // Without this pause the selector would report the unread sockets at once, again and again.
            LockSupport.parkNanos(STARVATION_BACKOFF_NS);
            waitNs = 0;
        }
        try {
            keys.select(this, waitNs);
        } catch (IOException e) {
            counters.errors.increment();
        }
    }

    /** A ready key, from the selector. What is beyond the limit waits for the next poll, in order, so that none starves. */
    @Override
    public void accept(SelectionKey key) {
        if (delivered < limit) {
            dispatch(key);
        } else {
            ready.add(key);
        }
    }

    private void drainReady() {
        while (delivered < limit && !ready.isEmpty()) {
            dispatch(ready.remove());
        }
    }

    private void dispatch(SelectionKey key) {
        if (!key.isValid()) {
            return; // closed by an event before this one
        }
        int ops = key.readyOps();
        if (key.attachment() instanceof NioConnection connection) {
            if (connection.failure != Status.OK) {
                return;
            }
            if (connection.connecting) {
                delivered += connects.finish(connection);
                return;
            }
            if ((ops & SelectionKey.OP_WRITE) != 0 && !connection.gone) {
                writable(connection);
            }
            if ((ops & SelectionKey.OP_READ) != 0 && !connection.gone) {
                readable(connection);
            }
        } else if (key.attachment() instanceof NioListener listener) {
            acceptable(listener);
        }
    }

    private void readable(NioConnection connection) {
        if (connection.inputEnded) {
            return;
        }
        try {
            int bytes = connection.flushing ? streams.discard(connection) : streams.receive(connection);
            if (bytes > 0) {
                delivered++;
            } else if (bytes < 0) {
                endOfInput(connection);
            }
        } catch (IOException e) {
            if (!connection.gone) {
                delivered++;
                end(connection, IoErrors.ofStream(e), IoErrors.ofStream(e));
            }
        }
    }

    private void endOfInput(NioConnection connection) {
        if (connection.gone) {
            return;
        }
        connection.inputEnded = true;
        delivered++;
        if (connection.flushing) {
            advanceFlush(connection);
        } else {
            connection.updateInterest(streams.hasUnsent(connection));
            events.onEndOfInput(connection.id);
        }
    }

    private void writable(NioConnection connection) {
        delivered++;
        try {
            streams.sendQueued(connection);
        } catch (IOException e) {
            if (!connection.gone) {
                end(connection, IoErrors.ofStream(e), IoErrors.ofStream(e));
            }
            return;
        }
        if (connection.gone || streams.hasUnsent(connection)) {
            return;
        }
        connection.updateInterest(false);
        if (connection.flushing) {
            advanceFlush(connection);
        }
    }

    private void reportFailed() {
        while (!failed.isEmpty()) {
            NioConnection connection = failed.removeLast();
            if (!connection.gone) {
                delivered++;
                end(connection, connection.failure, connection.failure);
            }
        }
    }

    // ---- sending and closing

    @Override
    public int send(long id, Buffer buffer, int offset, int length) {
        NioConnection connection = table.find(id);
        if (connection == null || connection.isClosing()) {
            return Status.CLOSED;
        }
        if (connection.connecting) {
            return Status.BACK_PRESSURED;
        }
        try {
            return streams.send(connection, buffer, offset, length);
        } catch (IOException e) {
            connection.failure = IoErrors.ofStream(e);
            failed.add(connection);
            events.onSent(id, buffer, length, connection.failure);
            return Status.OK;
        }
    }

    @Override
    public int flush() {
        return 0;
    }

    @Override
    public int receiving(long id, boolean on) {
        NioConnection connection = table.find(id);
        if (connection == null || connection.isClosing()) {
            return Status.CLOSED;
        }
        connection.paused = !on;
        connection.updateInterest(streams.hasUnsent(connection));
        return Status.OK;
    }

    @Override
    public int close(long id, CloseMode how) {
        NioConnection connection = table.find(id);
        if (connection == null) {
            return Status.CLOSED;
        }
        if (connection.connecting) {
            table.remove(connection);
            ChannelHandles.closeQuietly(connection.channel);
            events.onConnect(id, Status.LOCAL_CLOSE);
        } else if (connection.failure != Status.OK) {
            end(connection, connection.failure, connection.failure);
        } else if (how == CloseMode.ABORT) {
            abort(connection);
        } else if (!connection.flushing) {
            connection.flushing = true;
            connection.updateInterest(streams.hasUnsent(connection));
            advanceFlush(connection);
        }
        return Status.OK;
    }

    private void advanceFlush(NioConnection connection) {
        if (streams.hasUnsent(connection)) {
            connection.updateInterest(true);
            return;
        }
        if (!connection.inputEnded && !connection.finSent) {
            try {
                connection.channel.shutdownOutput();
                connection.finSent = true;
            } catch (IOException e) {
                end(connection, IoErrors.ofStream(e), Status.CLOSED);
                return;
            }
        }
        if (connection.inputEnded) {
            end(connection, Status.LOCAL_CLOSE, Status.CLOSED);
        } else {
            connection.updateInterest(false);
        }
    }

    private void abort(NioConnection connection) {
        try {
            connection.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // the peer was faster: it is reset already
        }
        end(connection, Status.LOCAL_CLOSE, Status.CLOSED);
    }

    /** The one way in which an established connection ends, detaching apart. */
    private void end(NioConnection connection, int reason, int sendStatus) {
        table.remove(connection);
        ChannelHandles.closeQuietly(connection.channel);
        streams.drop(connection, sendStatus);
        events.onClosed(connection.id, reason);
    }

    // ---- listening

    @Override
    public int listen(int listener, SocketAddress local, ListenOptions options) {
        return closed ? Status.CLOSED : listeners.listen(listener, local, options);
    }

    @Override
    public int unlisten(int listener) {
        return listeners.unlisten(listener);
    }

    @Override
    public SocketAddress localAddress(int listener) {
        return listeners.localAddress(listener);
    }

    private void acceptable(NioListener listener) {
        for (int i = 0; i < MOST_ACCEPTS_PER_EVENT && delivered < limit && !listener.gone; i++) {
            SocketChannel channel;
            try {
                channel = listener.channel.accept();
            } catch (IOException e) {
                if (IoErrors.isOfOneConnection(e)) {
                    continue;
                }
                counters.acceptBackoffs.increment();
                listeners.rest(listener);
                return;
            }
            if (channel == null) {
                return;
            }
            delivered++;
            accepted(listener, channel);
        }
    }

    private void accepted(NioListener listener, SocketChannel channel) {
        try {
            listener.prepare(channel);
        } catch (IOException e) {
            counters.errors.increment();
            ChannelHandles.closeQuietly(channel);
            return;
        }
        long id = events.onAccept(listener.number);
        if (id < 0) {
            counters.acceptRefusals.increment();
            ChannelHandles.closeQuietly(channel);
            return;
        }
        counters.accepted.increment();
        int status = closed ? Status.CLOSED : table.add(new NioConnection(id, channel));
        if (status != Status.OK) {
            ChannelHandles.closeQuietly(channel);
            events.onClosed(id, status);
        }
    }

    // ---- connecting

    @Override
    public int connect(long id, SocketAddress remote) {
        return closed ? Status.CLOSED : connects.begin(id, remote);
    }

    @Override
    public SocketAddress remoteAddress(long id) {
        NioConnection connection = table.find(id);
        try {
            return connection == null ? null : connection.channel.getRemoteAddress();
        } catch (IOException e) {
            return null;
        }
    }

    // ---- handing over

    @Override
    public long detachListener(int listener) {
        return listeners.detach(listener);
    }

    @Override
    public int adoptListener(int listener, long handle) {
        return closed ? Status.CLOSED : listeners.adopt(listener, handle);
    }

    @Override
    public int detach(long id) {
        NioConnection connection = table.find(id);
        if (connection == null || connection.isClosing() || connection.connecting) {
            return Status.CLOSED;
        }
        table.remove(connection);
        keys.letGo(connection.key);
        streams.handBack(connection);
        events.onDetached(id, ChannelHandles.put(connection.channel, null));
        return Status.OK;
    }

    @Override
    public int adopt(long id, long handle) {
        ChannelHandles.Entry entry = ChannelHandles.get(handle);
        if (entry == null || !(entry.channel() instanceof SocketChannel channel)) {
            return Status.CLOSED;
        }
        int status = closed ? Status.CLOSED : table.add(new NioConnection(id, channel));
        if (status == Status.OK) {
            ChannelHandles.remove(handle);
        }
        return status;
    }

    // ---- the loop itself

    @Override
    public int inFlight() {
        return 0;
    }

    @Override
    public void wakeup() {
        keys.wakeup();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (int slot = 0; slot < table.slots(); slot++) {
            NioConnection connection = table.at(slot);
            if (connection != null && !connection.gone) {
                close(connection.id, CloseMode.ABORT);
            }
        }
        listeners.close();
        ready.clear();
        try {
            keys.close();
        } catch (IOException e) {
            counters.errors.increment();
        }
        streams.close();
    }
}
