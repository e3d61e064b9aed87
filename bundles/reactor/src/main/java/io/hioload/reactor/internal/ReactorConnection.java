package io.hioload.reactor.internal;

import io.hioload.buffer.Buffer;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.Reactor;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import io.hioload.transport.TransportLoop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.util.Objects;

/**
 * One connection. The reactor's thread, except where {@link Connection} says any thread. Small on purpose: 48 bytes with
 * compressed references; its timeout lives in {@link DeadlineSweep}, its unsent buffers in the transport.
 *
 * <p>The cork: small sends of one turn are written one behind the other into one buffer from the reactor's pool, which
 * goes to the transport when it is full, when the handler's receive call returns, or when the turn ends, always from its
 * first byte on. Then the buffer is the transport's, or the reactor's again, which keeps one for the next message of whoever
 * comes; a quiet connection owns none. A full cork is replaced, not grown: what was committed is never copied.
 *
 * <p>While the transport still holds bytes of this connection, the cork stays and goes on being filled, turn after turn,
 * until it is full or those bytes have gone: else a peer that does not read would pin a whole buffer for each small
 * message, and only the message would be counted.
 */
final class ReactorConnection implements Connection {

    /** May be sent on: open and not closing. */
    static final int OPEN = 1;
    /** The handler has not heard of it yet. */
    static final int NEW = 1 << 1;
    /** The transport connects. */
    static final int CONNECTING = 1 << 2;
    /** Closed by this side. */
    static final int CLOSING = 1 << 3;
    /** Reset by this side. */
    static final int ABORTED = 1 << 4;
    /** The transport has let go of it; the handler has not heard of that yet. */
    static final int GONE = 1 << 5;
    /** On the reactor's list of connections to look at when the turn ends. */
    static final int LISTED = 1 << 6;
    /** Above the high water mark and not yet down at the low one. */
    static final int FULL = 1 << 7;
    /** Down at the low water mark; the handler has not heard of that yet. */
    static final int RELIEVED = 1 << 8;
    /** Receiving is turned off. */
    static final int PAUSED = 1 << 9;
    /** The peer will send no more, and the handler has been told. */
    static final int INPUT_ENDED = 1 << 10;
    /** Between two loops: the one before has let go of it, or is about to. */
    static final int MOVING = 1 << 11;
    /** It was asked to end, because what it is on goes. */
    static final int ASKED = 1 << 12;
    /** Which of the reactor's loops it is on, see {@link LoopTransports}. */
    private static final int PLACE_SHIFT = 13;
    private static final int PLACE_MASK = LoopTransports.PLACES - 1;
    /** It may move to another reactor when its handler lets it. */
    static final int WAITING = 1 << 16;
    /** Above all flags: how often a flushing close was given its linger time once more. */
    private static final int LINGERED_SHIFT = 20;

    /** The first size of a cork. */
    static final int CORK_BYTES = 4096;
    /** A flushing close to a peer that goes on reading takes as many linger times at the most. */
    static final int MAX_LINGERS = 12;

    private static final VarHandle FLAGS;
    private static final VarHandle QUEUED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            FLAGS = lookup.findVarHandle(ReactorConnection.class, "flags", int.class);
            QUEUED = lookup.findVarHandle(ReactorConnection.class, "queued", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private EventLoop loop;
    private long id;
    private ConnectionHandler handler;
    private Buffer cork;
    /** Committed bytes in the cork; 0 without one. */
    private int corkLength;
    /** Bytes that the transport holds. */
    private int queued;
    private int flags;
    /** While a flush lingers, what the transport held when it was last looked at; once GONE, why. */
    private int heldOrReason;

    ReactorConnection(EventLoop loop, long id, ConnectionHandler handler, int flags) {
        this.loop = loop;
        this.id = id;
        this.handler = handler;
        this.flags = flags;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Open, and its handler knows: the one test on the way of received bytes. */
    boolean isReady() {
        return (flags & (OPEN | NEW)) == OPEN;
    }

    void set(int flag) {
        FLAGS.setOpaque(this, flags | flag);
    }

    void clear(int flag) {
        FLAGS.setOpaque(this, flags & ~flag);
    }

    EventLoop loop() {
        return loop;
    }

    /** Its place among the reactor's loops. */
    int place() {
        return flags >>> PLACE_SHIFT & PLACE_MASK;
    }

    void place(int place) {
        FLAGS.setOpaque(this, flags & ~(PLACE_MASK << PLACE_SHIFT) | place << PLACE_SHIFT);
    }

    /** The loop that it is on. */
    TransportLoop transport() {
        return loop.transportAt(flags >>> PLACE_SHIFT & PLACE_MASK);
    }

    /** Open or closing, with a handler that knows of it, and nothing between it and a detach. */
    boolean mayMigrate() {
        return (flags & (NEW | CONNECTING | GONE | MOVING | ABORTED)) == 0 && !(handler instanceof HandOut);
    }

    /** It belongs to another reactor from now on, or has another number there. */
    void settleIn(EventLoop reactor, long number) {
        loop = reactor;
        id = number;
    }

    /** Nothing is in a cork any more. */
    void emptyCork() {
        if (cork != null) {
            flushCork();
        }
    }

    /** So many bytes are on their way to the next loop; the one before has reported the others, or will not. */
    void held(int bytes) {
        QUEUED.setOpaque(this, bytes);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public Reactor reactor() {
        return loop;
    }

    @Override
    public void handler(ConnectionHandler next) {
        handler = Objects.requireNonNull(next, "handler");
    }

    @Override
    public ConnectionHandler handler() {
        return handler;
    }

    @Override
    public Buffer claim(int maxLength) {
        if ((flags & OPEN) == 0) {
            return null;
        }
        Buffer buffer = cork;
        if (buffer != null) {
            if (buffer.capacity() - corkLength >= maxLength) {
                return buffer;
            }
            flushCork();
            if ((flags & OPEN) == 0) {
                return null;
            }
        }
        buffer = loop.corks().take(maxLength);
        if (buffer != null) {
            cork = buffer;
            loop.corked(this);
        }
        return buffer;
    }

    @Override
    public int claimOffset() {
        return corkLength;
    }

    @Override
    public void commit(int length) {
        Buffer buffer = cork;
        if (buffer == null) {
            return; // closed since the claim
        }
        int end = corkLength + length;
        if (length < 0 || end > buffer.capacity()) {
            throw new IllegalArgumentException("commit of " + length + " bytes, " + (buffer.capacity() - corkLength)
                    + " were claimed");
        }
        corkLength = end;
        checkHighWater();
    }

    /** The receive call or the turn is over: the cork goes out, unless the transport still holds bytes before it. */
    void endOfTurn() {
        if (cork != null && (queued == 0 || corkLength == 0)) {
            flushCork();
        }
    }

    /** Hands the cork to the transport. */
    private void flushCork() {
        Buffer buffer = cork;
        int length = corkLength;
        cork = null;
        corkLength = 0;
        if (length == 0 || handOver(buffer, 0, length) != Status.OK) {
            loop.corks().give(buffer);
        }
    }

    /**
     * Gives bytes to the transport.
     *
     * @return OK when the reference moved with them; else it is still the caller's: SENT, or CLOSED when the transport did not
     *         take them, and then the connection is reset
     */
    private int handOver(Buffer buffer, int offset, int length) {
        // Before the call: the transport may report the end of the send from within it.
        addQueued(length);
        if ((flags & MOVING) != 0) {
            loop.transports().moves().hold(this, buffer, offset, length);
            return Status.OK;
        }
        int status = transport().send(id, buffer, offset, length);
        if (status == Status.OK) {
            loop.sent(length);
            return Status.OK;
        }
        if (status == Status.SENT) {
            sent(length);
            loop.sent(length);
            return Status.SENT;
        }
        addQueued(-length);
        // Bytes that were promised cannot be sent: there is a hole in the stream, so it ends here.
        loop.count().sendFailures.increment();
        close(CloseMode.ABORT);
        return Status.CLOSED;
    }

    private void dropCork() {
        if (cork != null) {
            Buffer buffer = cork;
            cork = null;
            corkLength = 0;
            loop.corks().give(buffer);
        }
    }

    @Override
    public int send(Buffer buffer, int offset, int length) {
        if (corkLength > 0) {
            flushCork();
        }
        if ((flags & OPEN) == 0) {
            return Status.CLOSED;
        }
        int status = handOver(buffer, offset, length);
        if (status == Status.SENT) {
            buffer.release();
            return Status.OK;
        }
        checkHighWater();
        return status;
    }

    private void checkHighWater() {
        if (queued + corkLength > loop.settings().highWaterBytes() && (flags & (OPEN | FULL)) == OPEN) {
            set(FULL);
        }
    }

    private void addQueued(int length) {
        QUEUED.setOpaque(this, queued + length);
    }

    /** A send of so many bytes is over. The handler hears of a relief when the turn ends, never within its own send. */
    void sent(int length) {
        int left = queued - length;
        QUEUED.setOpaque(this, left);
        if ((flags & FULL) != 0 && left + corkLength <= loop.settings().lowWaterBytes()) {
            FLAGS.setOpaque(this, flags & ~FULL | RELIEVED);
            loop.list(this);
        } else if (left == 0 && cork != null) {
            loop.list(this);
        }
    }

    @Override
    public int unsentBytes() {
        return (int) QUEUED.getOpaque(this) + corkLength;
    }

    @Override
    public boolean isWritable() {
        return (flags & (OPEN | FULL)) == OPEN;
    }

    @Override
    public void receiving(boolean on) {
        if ((flags & OPEN) != 0) {
            FLAGS.setOpaque(this, on ? flags & ~PAUSED : flags | PAUSED);
            transport().receiving(id, on);
        }
    }

    @Override
    public void timeout(long delayNs) {
        if ((flags & OPEN) != 0) {
            loop.deadline(this, delayNs);
        }
    }

    @Override
    public void close(CloseMode how) {
        if ((flags & (GONE | ABORTED)) != 0 || (how == CloseMode.FLUSH && (flags & CLOSING) != 0)) {
            return;
        }
        if (how == CloseMode.FLUSH && cork != null) {
            flushCork();
            if ((flags & CLOSING) != 0) {
                return; // the flush failed and has closed it
            }
        }
        dropCork();
        int closing = how == CloseMode.ABORT ? CLOSING | ABORTED : CLOSING;
        FLAGS.setOpaque(this, flags & ~(OPEN | RELIEVED) | closing);
        heldOrReason = queued;
        loop.deadline(this, how == CloseMode.FLUSH ? loop.settings().lingerNs() : -1);
        if ((flags & MOVING) == 0 || how == CloseMode.ABORT) {
            transport().close(id, how);
        }
    }

    /**
     * A flushing close has taken its linger time. While the peer goes on reading it is given that time once more, so that
     * who reads slowly gets its answer whole, but not for ever.
     *
     * @return true if it goes on, and then its deadline is set anew
     */
    boolean lingersOn() {
        int lingers = (flags >>> LINGERED_SHIFT) + 1;
        if ((flags & ABORTED) != 0 || queued >= heldOrReason || lingers == MAX_LINGERS) {
            return false;
        }
        heldOrReason = queued;
        FLAGS.setOpaque(this, flags + (1 << LINGERED_SHIFT));
        loop.deadline(this, loop.settings().lingerNs());
        return true;
    }

    /** The transport has let go of it. */
    void gone(int reason) {
        dropCork();
        heldOrReason = reason;
        if ((flags & MOVING) != 0) {
            loop.transports().moves().gone(this);
        }
        FLAGS.setOpaque(this, flags & ~(OPEN | RELIEVED | MOVING) | GONE);
        loop.list(this);
    }

    /** It is another reactor's now; here nobody is told anything more. */
    void left() {
        FLAGS.setOpaque(this, flags & LISTED);
    }

    /** Why it is gone. */
    int reason() {
        return heldOrReason;
    }

    /** Any thread: the transport has not answered yet. */
    boolean isConnecting() {
        return ((int) FLAGS.getOpaque(this) & (CONNECTING | NEW | GONE)) == CONNECTING;
    }

    @Override
    public boolean isOpen() {
        return ((int) FLAGS.getOpaque(this) & OPEN) != 0;
    }

    @Override
    public SocketAddress remoteAddress() {
        return transport().remoteAddress(id);
    }

    @Override
    public String toString() {
        return "Connection[" + (id >>> 32) + ":" + (int) id + " on " + loop.probeName() + (isOpen() ? "" : ", closed") + "]";
    }
}
