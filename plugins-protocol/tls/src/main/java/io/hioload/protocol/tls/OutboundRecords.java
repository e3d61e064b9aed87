package io.hioload.protocol.tls;

import io.hioload.buffer.Buffer;
import io.hioload.reactor.Connection;
import io.hioload.transport.Status;
import java.lang.System.Logger.Level;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.agrona.DirectBuffer;

/**
 * What goes out on one connection. What is committed is gathered in a cork and goes out as one record when the receive call is
 * over, else when the turn ends; what is sent in buffers goes out in records of nearly 16 KiB. The reactor's thread. Owns the cork,
 * from a claim until it goes out.
 */
final class OutboundRecords implements Runnable {

    /** So many records are sent in one buffer. */
    private static final int RECORDS_PER_BUFFER = 4;
    /** After an alert there is no more to wrap; an engine that says otherwise is not asked for ever. */
    private static final int MAX_LAST_RECORDS = 4;

    private final TlsConnection connection;
    private Buffer cork;
    private int corkLength;
    /** Within the call that brings received bytes: the cork goes out when that is over. */
    private boolean held;
    /** To be looked at when the turn ends. */
    private boolean listed;

    OutboundRecords(TlsConnection connection) {
        this.connection = connection;
    }

    /** A receive call begins, or is over; who says so flushes then. */
    void hold(boolean on) {
        held = on;
    }

    /** Whether a receive call or the end of the turn is about to flush. */
    boolean isAwaited() {
        return held || listed;
    }

    /** Committed and not yet encrypted; what is claimed begins there. */
    int gatheredBytes() {
        return corkLength;
    }

    /** As {@link TlsConnection#claim}. */
    Buffer claim(int maxLength) {
        if (!connection.isSending()) {
            return null;
        }
        Buffer buffer = cork;
        if (buffer != null) {
            if (buffer.capacity() - corkLength >= maxLength) {
                return buffer;
            }
            flush();
            if (!connection.isSending()) {
                return null;
            }
        }
        buffer = connection.loop().takeCork(maxLength);
        if (buffer != null) {
            cork = buffer;
            if (!held && !listed) {
                listed = true;
                connection.loop().reactor.atTurnEnd(this);
            }
        }
        return buffer;
    }

    /** As {@link TlsConnection#commit}. */
    void commit(int length) {
        if (cork == null) {
            return; // closed since the claim
        }
        if (length < 0 || corkLength + length > cork.capacity()) {
            throw new IllegalArgumentException("commit of " + length + " bytes, " + (cork.capacity() - corkLength) + " were claimed");
        }
        corkLength += length;
    }

    /** The turn is over. */
    @Override
    public void run() {
        listed = false;
        flush();
    }

    /** What is in the cork goes out, if anything goes out still. */
    void flush() {
        Buffer buffer = cork;
        if (buffer == null) {
            return;
        }
        int length = corkLength;
        cork = null;
        corkLength = 0;
        try {
            if (length > 0 && connection.isSending()) {
                encrypt(buffer.memory(), length);
            }
        } catch (SSLException e) {
            connection.violated(e);
        } finally {
            buffer.release();
        }
    }

    private void encrypt(DirectBuffer memory, int length) throws SSLException {
        TlsLoop loop = connection.loop();
        SSLEngine engine = connection.engine();
        for (int at = 0; at < length;) {
            int made = wrap(engine, memory, at, Math.min(Records.SENT_PLAIN_BYTES, length - at));
            at += loop.source.position();
            if (!put(made)) {
                return;
            }
        }
    }

    /** Makes one record, in the loop's target; the loop's source tells how much went into it. */
    private int wrap(SSLEngine by, DirectBuffer memory, int offset, int length) throws SSLException {
        TlsLoop loop = connection.loop();
        if (length > 0) {
            memory.getBytes(offset, loop.in, 0, length);
        }
        by.wrap(loop.source.limit(length).position(0), loop.target.clear());
        int made = loop.target.position();
        if (made == 0 && length > 0) {
            throw new SSLException("the engine has ended");
        }
        if (made > 0) {
            loop.recordsOut.increment();
        }
        return made;
    }

    /** Gives a record to the connection below. */
    private boolean put(int length) {
        Connection raw = connection.raw();
        Buffer target = raw.claim(length);
        if (target == null) {
            if (raw.isOpen()) {
                connection.outOfMemory();
            }
            return false;
        }
        target.memory().putBytes(raw.claimOffset(), connection.loop().out, 0, length);
        raw.commit(length);
        return true;
    }

    /**
     * Sends a record that the engine makes by itself.
     *
     * @return false if there was none
     */
    boolean wrapNothing(SSLEngine by) throws SSLException {
        int made = wrap(by, null, 0, 0);
        return made > 0 && put(made);
    }

    /** Sends what the engine has to say by itself: alerts, new keys. */
    void sendLast(SSLEngine by) {
        try {
            for (int i = 0; i < MAX_LAST_RECORDS && by.getHandshakeStatus() == HandshakeStatus.NEED_WRAP; i++) {
                if (!wrapNothing(by)) {
                    return;
                }
            }
        } catch (SSLException e) {
            TlsLoop.LOG.log(Level.DEBUG, "no more can be said", e);
        }
    }

    /** As {@link TlsConnection#send}. */
    int send(Buffer buffer, int offset, int length) {
        if (corkLength > 0) {
            flush();
        }
        if (!connection.isSending()) {
            return Status.CLOSED;
        }
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int sent = sendRecords(buffer.memory(), at, end - at);
            if (sent <= 0) {
                return Status.CLOSED;
            }
            at += sent;
        }
        buffer.release();
        return Status.OK;
    }

    /** Encrypts into one buffer of the pool and sends that; returns how much went into it, 0 if the connection has ended. */
    private int sendRecords(DirectBuffer memory, int offset, int length) {
        TlsLoop loop = connection.loop();
        SSLEngine engine = connection.engine();
        int records = Math.min(RECORDS_PER_BUFFER, (length - 1) / Records.SENT_PLAIN_BYTES + 1);
        int lastBytes = Math.min(length - (records - 1) * Records.SENT_PLAIN_BYTES, Records.SENT_PLAIN_BYTES);
        int overhead = Records.MAX_PLAIN_BYTES - Records.SENT_PLAIN_BYTES;
        Buffer target = loop.reactor.buffers().acquire((records - 1) * Records.MAX_PLAIN_BYTES + lastBytes + overhead);
        if (target == null) {
            connection.outOfMemory();
            return 0;
        }
        int used = 0;
        int made = 0;
        try {
            while (used < length && target.capacity() - made >= Math.min(Records.SENT_PLAIN_BYTES, length - used) + overhead) {
                int record = wrap(engine, memory, offset + used, Math.min(Records.SENT_PLAIN_BYTES, length - used));
                used += loop.source.position();
                target.memory().putBytes(made, loop.out, 0, record);
                made += record;
            }
        } catch (SSLException e) {
            target.release();
            connection.violated(e);
            return 0;
        }
        if (connection.raw().send(target, 0, made) != Status.OK) {
            target.release();
            return 0;
        }
        return used;
    }

    /** What is in the cork does not go out. */
    void drop() {
        if (cork != null) {
            cork.release();
            cork = null;
            corkLength = 0;
        }
    }

    @Override
    public String toString() {
        return connection.toString();
    }
}
