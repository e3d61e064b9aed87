package io.hioload.testkit.reactor;

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
 * A connection that writes to a byte array: at once, or, while it is {@link #block blocked}, when it is unblocked. What is
 * committed goes out at the end of {@link #receive}, as a reactor does it, and by {@link #flush}. The reactor's thread only.
 */
public final class FakeConnection implements Connection {

    /** Unsent bytes above which it is not writable. */
    public static final int HIGH_WATER_BYTES = 1 << 16;
    private static final int CORK_BYTES = 1 << 16;

    private record Queued(Buffer buffer, int offset, int length) {
    }

    private final FakeReactor reactor;
    private final long id;
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    private final ArrayDeque<Queued> queue = new ArrayDeque<>();
    private ConnectionHandler handler;
    private Buffer cork;
    private CloseMode closed;
    private int corked;
    private int queuedBytes;
    private long deadlineNs;
    private boolean timed;
    private boolean blocked;
    private boolean full;
    private boolean receiving = true;
    private boolean outOfMemory;
    private boolean gone;

    FakeConnection(FakeReactor reactor, long id) {
        this.reactor = reactor;
        this.id = id;
    }

    // What the test does

    /**
     * The peer sent bytes: the handler gets them in one piece, in a buffer that is overwritten as soon as nobody retains it.
     *
     * @param bytes at least one
     */
    public void receive(byte... bytes) {
        Buffer buffer = reactor.buffers().acquire(bytes.length);
        buffer.memory().putBytes(0, bytes);
        try {
            handler.onReceive(this, buffer, 0, bytes.length);
        } finally {
            buffer.release();
        }
        flush();
    }

    /**
     * The same bytes, one by one.
     *
     * @param bytes at least one
     */
    public void receiveByteWise(byte... bytes) {
        for (byte one : bytes) {
            receive(one);
        }
    }

    /** The peer will send no more. */
    public void endInput() {
        handler.onEndOfInput(this);
        flush();
    }

    /**
     * The connection is gone: unsent bytes are given back, and the handler is told.
     *
     * @param reason a {@link Status}
     */
    public void disappear(int reason) {
        if (gone) {
            throw new IllegalStateException("gone already");
        }
        gone = true;
        reactor.gone(this);
        if (cork != null) {
            cork.release();
            cork = null;
        }
        corked = 0;
        queue.forEach(queued -> queued.buffer.release());
        queue.clear();
        handler.onClosed(this, reason);
    }

    /** The system takes nothing more. */
    public void block() {
        blocked = true;
    }

    /** The system takes what waits, and the handler hears of it if it was told to wait. */
    public void unblock() {
        blocked = false;
        flush();
        for (Queued next = queue.poll(); next != null; next = queue.poll()) {
            queuedBytes -= next.length;
            write(next.buffer, next.offset, next.length);
        }
        if (full) {
            full = false;
            handler.onWritable(this);
            flush();
        }
    }

    /**
     * Has {@link #claim} find no memory, or find some again.
     *
     * @param on whether there is none
     */
    public void outOfMemory(boolean on) {
        outOfMemory = on;
    }

    /** Sends what is committed, as the end of a turn does. */
    public void flush() {
        if (corked > 0) {
            Buffer written = cork;
            int length = corked;
            cork = null;
            corked = 0;
            put(written, 0, length);
        }
        checkHighWater();
    }

    /**
     * What went out since the last look.
     *
     * @return the bytes
     */
    public byte[] takeWire() {
        byte[] bytes = wire.toByteArray();
        wire.reset();
        return bytes;
    }

    /**
     * How it was closed.
     *
     * @return {@code null} if it was not
     */
    public CloseMode closed() {
        return closed;
    }

    /**
     * Whether the handler wants to receive.
     *
     * @return false after {@code receiving(false)}
     */
    public boolean isReceiving() {
        return receiving;
    }

    /**
     * The time that is left.
     *
     * @return nanoseconds, -1 if no timeout is set
     */
    public long timeoutNs() {
        return timed ? Math.max(0, deadlineNs - reactor.nowNs()) : -1;
    }

    void fireIfDue() {
        if (timed && deadlineNs - reactor.nowNs() <= 0) {
            timed = false;
            handler.onTimeout(this);
            flush();
        }
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
        byte[] bytes = new byte[length];
        buffer.memory().getBytes(offset, bytes);
        wire.writeBytes(bytes);
        buffer.release();
    }

    private void checkHighWater() {
        if (blocked && queuedBytes + corked > HIGH_WATER_BYTES) {
            full = true;
        }
    }

    // What the handler sees

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
        if (!isOpen() || outOfMemory) {
            return null;
        }
        if (corked + maxLength > CORK_BYTES) {
            flush();
        }
        if (cork == null) {
            cork = reactor.buffers().acquire(Math.max(CORK_BYTES, maxLength));
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
        checkHighWater();
    }

    @Override
    public int send(Buffer buffer, int offset, int length) {
        if (!isOpen()) {
            return Status.CLOSED;
        }
        flush();
        put(buffer, offset, length);
        checkHighWater();
        return Status.OK;
    }

    @Override
    public int unsentBytes() {
        return queuedBytes + corked;
    }

    @Override
    public boolean isWritable() {
        return isOpen() && !full;
    }

    @Override
    public void receiving(boolean on) {
        receiving = on;
    }

    @Override
    public void timeout(long delayNs) {
        timed = delayNs >= 0;
        deadlineNs = reactor.nowNs() + delayNs;
    }

    @Override
    public void close(CloseMode how) {
        if (closed == null) {
            flush();
            closed = how;
        }
    }

    @Override
    public boolean isOpen() {
        return !gone && closed == null;
    }

    @Override
    public SocketAddress remoteAddress() {
        return gone ? null : InetSocketAddress.createUnresolved("peer.test", 1);
    }
}
