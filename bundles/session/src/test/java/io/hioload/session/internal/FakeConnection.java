package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.Reactor;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;

/**
 * A connection that writes to a byte array: at once, or, while it is blocked, when it is unblocked. Its cork is flushed at
 * the end of {@link #receive}, as a reactor does it, and by {@link #flush}.
 */
final class FakeConnection implements Connection {

    record Queued(Buffer buffer, int offset, int length) {
    }

    static final int HIGH_WATER = 1 << 16;
    private static final int CORK_BYTES = 1 << 16;

    FakeReactor reactor;
    final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    final ArrayDeque<Queued> queue = new ArrayDeque<>();
    /** What was last sent in a buffer of its own. */
    Buffer lastSent;
    int lastSentOffset;
    boolean discarding;
    boolean corkExhausted;
    boolean receiving = true;
    CloseMode closed;
    long deadlineNs = Long.MAX_VALUE;
    private final long id;
    private ConnectionHandler handler;
    private boolean blocked;
    private boolean gone;
    private boolean unwritable;
    private Buffer cork;
    private int corked;
    private int queuedBytes;

    FakeConnection(FakeReactor reactor, long id) {
        this.reactor = reactor;
        this.id = id;
        reactor.connections.add(this);
    }

    // What the test does

    void receive(Buffer buffer, int offset, int length) {
        handler.onReceive(this, buffer, offset, length);
        flush();
    }

    void flush() {
        if (corked > 0) {
            Buffer full = cork;
            int length = corked;
            cork = null;
            corked = 0;
            put(full, 0, length);
        }
        if (queuedBytes > HIGH_WATER) {
            unwritable = true;
        }
    }

    void block() {
        blocked = true;
    }

    void unblock() {
        flush();
        blocked = false;
        for (Queued next = queue.poll(); next != null; next = queue.poll()) {
            queuedBytes -= next.length;
            write(next.buffer, next.offset, next.length);
        }
        if (unwritable) {
            unwritable = false;
            handler.onWritable(this);
            flush();
        }
    }

    /** To another reactor, as far as the session notices. */
    void move(FakeReactor to) {
        flush();
        reactor.connections.remove(this);
        reactor = to;
        to.connections.add(this);
        handler.onMoved(this);
    }

    /** The end, of whatever reason. */
    void disappear(int reason) {
        gone = true;
        reactor.connections.remove(this);
        if (cork != null) {
            cork.release();
            cork = null;
        }
        corked = 0;
        queue.forEach(queued -> queued.buffer.release());
        queue.clear();
        handler.onClosed(this, reason);
    }

    void endInput() {
        handler.onEndOfInput(this);
        flush();
    }

    void fireIfDue(long nowNs) {
        if (deadlineNs <= nowNs) {
            deadlineNs = Long.MAX_VALUE;
            handler.onTimeout(this);
            flush();
        }
    }

    byte[] takeWire() {
        byte[] bytes = wire.toByteArray();
        wire.reset();
        return bytes;
    }

    private void put(Buffer buffer, int offset, int length) {
        if (blocked) {
            queue.add(new Queued(buffer, offset, length));
            queuedBytes += length;
        } else {
            write(buffer, offset, length);
        }
    }

    private void write(Buffer buffer, int offset, int length) {
        if (!discarding) {
            byte[] bytes = new byte[length];
            buffer.memory().getBytes(offset, bytes);
            wire.writeBytes(bytes);
        }
        buffer.release();
    }

    // What the session sees

    @Override
    public long id() {
        return id;
    }

    @Override
    public Reactor reactor() {
        return reactor;
    }

    @Override
    public void handler(ConnectionHandler replacement) {
        handler = replacement;
    }

    @Override
    public ConnectionHandler handler() {
        return handler;
    }

    @Override
    public Buffer claim(int maxLength) {
        if (!isOpen() || corkExhausted) {
            return null;
        }
        if (corked + maxLength > CORK_BYTES) {
            flush();
        }
        if (cork == null) {
            cork = reactor.pool.acquire(CORK_BYTES);
        }
        return cork;
    }

    @Override
    public int claimOffset() {
        return corked;
    }

    @Override
    public void commit(int length) {
        corked += length;
        if (blocked && queuedBytes + corked > HIGH_WATER) {
            unwritable = true;
        }
    }

    @Override
    public int send(Buffer buffer, int offset, int length) {
        if (!isOpen()) {
            return Status.CLOSED;
        }
        flush();
        lastSent = buffer;
        lastSentOffset = offset;
        put(buffer, offset, length);
        flush();
        return Status.OK;
    }

    @Override
    public int unsentBytes() {
        return queuedBytes + corked;
    }

    @Override
    public boolean isWritable() {
        return !unwritable;
    }

    @Override
    public void receiving(boolean on) {
        receiving = on;
    }

    @Override
    public void timeout(long delayNs) {
        deadlineNs = delayNs < 0 ? Long.MAX_VALUE : reactor.nowNs() + delayNs;
    }

    @Override
    public void close(CloseMode how) {
        if (closed == null) {
            closed = how;
            flush();
        }
    }

    @Override
    public boolean isOpen() {
        return !gone && closed == null;
    }

    @Override
    public SocketAddress remoteAddress() {
        return gone ? null : InetSocketAddress.createUnresolved("peer", 1);
    }
}
