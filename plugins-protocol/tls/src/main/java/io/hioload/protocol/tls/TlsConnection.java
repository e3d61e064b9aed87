package io.hioload.protocol.tls;

import io.hioload.buffer.Buffer;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.ConnectionHandlerFactory;
import io.hioload.reactor.Reactor;
import io.hioload.reactor.SecureConnection;
import io.hioload.reactor.StagedHandler;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * One connection over TLS: the handler of the connection below, and the connection of the handler above. The reactor's thread,
 * except where {@link Connection} says any thread.
 *
 * <p>Holds what both ways share: the engine, the state, the connections on either side. {@link InboundRecords} decrypts,
 * {@link OutboundRecords} encrypts, {@link Handshake} comes before. A quiet connection owns no buffer.
 *
 * <p>close_notify goes both ways (RFC 8446, section 6.1): the peer's is the end of input, ours is the last that a flushing close
 * sends. An end of the connection below without it is told as an end of input too, and counted.
 */
final class TlsConnection implements SecureConnection, StagedHandler {

    /** The peer sends no more, and the handler has been told. */
    private static final int INPUT_OVER = 1;
    /** The engine has failed or said its last: nothing is decrypted or encrypted any more. */
    private static final int DEAD = 1 << 1;
    /** By an earlier session. */
    private static final int RESUMED = 1 << 2;
    /** The first bytes have been looked at. */
    private static final int SPEAKS_TLS = 1 << 3;
    /** On its way to another reactor, or back. */
    private static final int MOVING = 1 << 4;

    private final TlsStage stage;
    private final OutboundRecords out = new OutboundRecords(this);
    private final InboundRecords in = new InboundRecords(this, out);
    /** Until it is open. */
    private Supplier<SSLEngine> maker;
    /** Of accepted connections, until they are established. */
    private ConnectionHandlerFactory factory;
    /** Of connections to others, until they are established or have failed. */
    private Consumer<IOException> failed;
    private final long handshakeTimeoutNs;
    private Connection raw;
    /** From when it is open. */
    private TlsLoop loop;
    /** Until it is established. */
    private Handshake handshake;
    private SSLEngine engine;
    private ConnectionHandler next;
    private int flags;

    /** Of an accepted connection. */
    TlsConnection(TlsStage stage, Connection raw, TlsContext context, ConnectionHandlerFactory factory) {
        this.stage = stage;
        this.raw = raw;
        this.factory = factory;
        this.maker = context::accepting;
        this.handshakeTimeoutNs = context.handshakeTimeoutNs();
    }

    /** Of a connection that is to be opened. */
    TlsConnection(TlsStage stage, TlsContext context, String host, int port, ConnectionHandler next, Consumer<IOException> failed) {
        this.stage = stage;
        this.next = next;
        this.failed = failed;
        this.maker = () -> context.connecting(host, port);
        this.handshakeTimeoutNs = context.handshakeTimeoutNs();
    }

    Connection raw() {
        return raw;
    }

    TlsLoop loop() {
        return loop;
    }

    /** From when it is established. */
    SSLEngine engine() {
        return engine;
    }

    private boolean isEstablished() {
        return engine != null;
    }

    /** Whether what comes is still decrypted. */
    boolean isReading() {
        return (flags & (INPUT_OVER | DEAD)) == 0 && raw.isOpen();
    }

    /** Whether what is sent is still encrypted. */
    boolean isSending() {
        return isEstablished() && (flags & DEAD) == 0 && raw.isOpen();
    }

    // ---- the handler of the connection below

    @Override
    public Connection top() {
        return isEstablished() && next != null ? this : null;
    }

    @Override
    public void onOpen(Connection connection) {
        raw = connection;
        loop = stage.loop(connection.reactor());
        loop.came();
        handshake = new Handshake(this, out, loop, stage.workers(), maker);
        maker = null;
        connection.timeout(handshakeTimeoutNs);
        if (failed != null) {
            flags |= SPEAKS_TLS;
            handshake.begin();
        }
    }

    @Override
    public void onConnectFailed(int status) {
        next.onConnectFailed(status);
    }

    @Override
    public void onReceive(Connection from, Buffer buffer, int offset, int length) {
        if (isEstablished()) {
            if ((flags & (INPUT_OVER | DEAD)) == 0) {
                in.receive(buffer, offset, length);
            }
        } else if ((flags & SPEAKS_TLS) != 0 || speaksTls(buffer.memory().getByte(offset))) {
            handshake.received(buffer, offset, length);
        }
    }

    private boolean speaksTls(byte first) {
        flags |= SPEAKS_TLS;
        if (first == Records.HANDSHAKE) {
            return true;
        }
        loop.notTls.increment();
        handshake.cancel();
        PlaintextRefusal.refuse(raw, first);
        return false;
    }

    @Override
    public void onEndOfInput(Connection from) {
        if (!isEstablished()) {
            raw.close(CloseMode.FLUSH);
        } else if ((flags & INPUT_OVER) == 0) {
            loop.truncated.increment();
            inputOver();
        }
    }

    /** The peer has said that it sends no more. */
    void closeNotified() {
        flags |= engine.isOutboundDone() ? DEAD : 0;
        inputOver();
    }

    private void inputOver() {
        flags |= INPUT_OVER;
        next.onEndOfInput(this);
    }

    @Override
    public void onWritable(Connection from) {
        if (isEstablished()) {
            next.onWritable(this);
        }
    }

    @Override
    public void onTimeout(Connection from) {
        if (isEstablished()) {
            next.onTimeout(this);
            return;
        }
        loop.timeouts.increment();
        tellFailed(new SocketTimeoutException("no TLS handshake in time"));
        abort();
    }

    @Override
    public void onTransportGoing(Connection from) {
        if (isEstablished()) {
            next.onTransportGoing(this);
        } else {
            abort();
        }
    }

    @Override
    public boolean mayMove(Connection from, Reactor to) {
        if (!isEstablished() || (flags & MOVING) != 0 || out.isAwaited() || !next.mayMove(this, to)) {
            return false;
        }
        flags |= MOVING;
        loop.went();
        return true;
    }

    @Override
    public void onMoved(Connection here) {
        settle();
        next.onMoved(this);
    }

    private void settle() {
        if ((flags & MOVING) != 0) {
            flags &= ~MOVING;
            loop = stage.loop(raw.reactor());
            loop.came();
        }
    }

    @Override
    public void onClosed(Connection from, int reason) {
        if (loop == null) {
            return; // it was gone before it was open
        }
        settle();
        out.drop();
        in.drop();
        loop.went();
        if (isEstablished()) {
            if (next != null) {
                next.onClosed(this, reason);
            }
            return;
        }
        handshake.cancel();
        loop.failed.increment();
        tellFailed(new IOException("the connection ended within the TLS handshake: " + Status.text(reason)));
    }

    // ---- handshake

    /** The handshake is over; takes over the input that is left, which may be {@code null}. */
    void established(SSLEngine ready, boolean resumed, Buffer rest, int offset, int length) {
        engine = ready;
        handshake = null;
        flags |= resumed ? RESUMED : 0;
        failed = null;
        try {
            raw.timeout(-1);
            if (factory != null) {
                next = factory.handler(this);
                factory = null;
            }
            if (next == null) {
                raw.close(CloseMode.ABORT);
                return;
            }
            next.onOpen(this);
            if (length > 0 && raw.isOpen()) {
                in.receive(rest, offset, length);
            }
        } finally {
            if (rest != null) {
                rest.release();
            }
        }
    }

    void abort() {
        if (handshake != null) {
            handshake.cancel();
        }
        raw.close(CloseMode.ABORT);
    }

    /** To who wanted the connection, once. */
    void tellFailed(IOException why) {
        Consumer<IOException> told = failed;
        if (told != null) {
            failed = null;
            told.accept(why);
        }
    }

    // ---- what the records bring about

    /** Called by what gathers the plaintext. */
    void deliver(Buffer buffer, int length) {
        if (raw.isOpen()) {
            next.onReceive(this, buffer, 0, length);
        }
    }

    /** The pool is exhausted: a connection that has lost bytes cannot go on. */
    void outOfMemory() {
        loop.memoryRefusals.increment();
        raw.close(CloseMode.ABORT);
    }

    /** What came is not TLS as agreed: the peer is told by an alert, and that is all. */
    void violated(SSLException e) {
        TlsLoop.LOG.log(Level.DEBUG, "TLS connection failed", e);
        loop.violations.increment();
        flags |= DEAD;
        out.drop();
        out.sendLast(engine);
        raw.close(CloseMode.FLUSH);
    }

    // ---- what the handler above asks

    @Override
    public Buffer claim(int maxLength) {
        return out.claim(maxLength);
    }

    @Override
    public int claimOffset() {
        return out.gatheredBytes();
    }

    @Override
    public void commit(int length) {
        out.commit(length);
    }

    @Override
    public int send(Buffer buffer, int offset, int length) {
        return out.send(buffer, offset, length);
    }

    @Override
    public void close(CloseMode how) {
        if (how == CloseMode.FLUSH && raw.isOpen()) {
            out.flush();
            if (isEstablished() && (flags & DEAD) == 0) {
                flags |= DEAD;
                engine.closeOutbound();
                out.sendLast(engine);
            }
        }
        out.drop();
        raw.close(how);
    }

    @Override
    public int unsentBytes() {
        return out.gatheredBytes() + raw.unsentBytes();
    }

    @Override
    public boolean isWritable() {
        return raw.isWritable();
    }

    @Override
    public long id() {
        return raw.id();
    }

    @Override
    public Reactor reactor() {
        return raw.reactor();
    }

    @Override
    public void handler(ConnectionHandler other) {
        next = Objects.requireNonNull(other, "handler");
    }

    @Override
    public ConnectionHandler handler() {
        return next == null ? this : next;
    }

    @Override
    public void receiving(boolean on) {
        raw.receiving(on);
    }

    @Override
    public void timeout(long delayNs) {
        raw.timeout(delayNs);
    }

    @Override
    public boolean isOpen() {
        return raw.isOpen();
    }

    @Override
    public SocketAddress remoteAddress() {
        return raw.remoteAddress();
    }

    @Override
    public String tlsProtocol() {
        return engine.getSession().getProtocol();
    }

    @Override
    public String cipherSuite() {
        return engine.getSession().getCipherSuite();
    }

    @Override
    public String applicationProtocol() {
        String agreed = engine.getApplicationProtocol();
        return agreed == null ? "" : agreed;
    }

    @Override
    public String serverName() {
        return CertificateChooser.requestedName(engine.getSession());
    }

    @Override
    public List<Certificate> peerCertificates() {
        try {
            return List.of(engine.getSession().getPeerCertificates());
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    @Override
    public boolean resumed() {
        return (flags & RESUMED) != 0;
    }

    @Override
    public String toString() {
        return "TLS over " + raw;
    }
}
