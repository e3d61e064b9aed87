package io.hioload.protocol.tls;

import io.hioload.buffer.Buffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.agrona.DirectBuffer;

/**
 * What comes in on one established connection: the records of a receive call are decrypted into the loop's plaintext and delivered
 * together. The reactor's thread. Owns a buffer only while a record is unfinished: that is copied and kept.
 */
final class InboundRecords {

    private static final int FIRST_PENDING_BYTES = 512;

    private final TlsConnection connection;
    private final OutboundRecords out;
    /** The unfinished record. */
    private Buffer pending;
    private int pendingLength;

    InboundRecords(TlsConnection connection, OutboundRecords out) {
        this.connection = connection;
        this.out = out;
    }

    /** Delivers what is whole, keeps the rest, and sends what was gathered meanwhile. */
    void receive(Buffer buffer, int offset, int length) {
        out.hold(true);
        try {
            decrypt(buffer, offset, offset + length);
        } catch (SSLException e) {
            connection.violated(e);
        } finally {
            out.hold(false);
        }
        out.flush();
    }

    private void decrypt(Buffer buffer, int from, int end) throws SSLException {
        int at = from;
        if (pending != null) {
            at += completePending(buffer, at, end - at);
            if (pending == null || !Records.isReady(pending.memory(), 0, pendingLength)) {
                return;
            }
        }
        Plaintext plain = connection.loop().plaintext;
        plain.begin(connection, end - from);
        try {
            if (pending != null) {
                decryptPending(plain);
            }
            while (connection.isReading() && Records.isReady(buffer.memory(), at, end - at)) {
                at += decryptRecord(plain, buffer.memory(), at, end - at);
            }
            plain.deliver();
        } finally {
            plain.end();
        }
        if (at < end && connection.isReading()) {
            keep(buffer, at, end - at);
        }
    }

    private void decryptPending(Plaintext plain) throws SSLException {
        Buffer record = pending;
        pending = null;
        try {
            decryptRecord(plain, record.memory(), 0, pendingLength);
        } finally {
            record.release();
        }
    }

    /** One record, or as much of it as the engine needs to refuse it; returns its length. */
    private int decryptRecord(Plaintext plain, DirectBuffer memory, int offset, int there) throws SSLException {
        int given = Records.given(memory, offset, there);
        if (Records.isAlert(memory, offset)) {
            // Before TLS 1.3, close_notify ends both ways at once: what is to be sent goes out first.
            plain.deliver();
            out.flush();
        }
        if (!plain.room(given)) {
            connection.outOfMemory();
            return given;
        }
        if (!connection.isReading()) {
            return given; // the handler has closed it
        }
        TlsLoop loop = connection.loop();
        memory.getBytes(offset, loop.in, 0, given);
        SSLEngineResult result = connection.engine().unwrap(loop.source.limit(given).position(0), loop.target.clear());
        loop.recordsIn.increment();
        int length = loop.target.position();
        if (length > 0) {
            plain.add(loop.out, length);
        }
        HandshakeStatus status = result.getHandshakeStatus();
        if (status != HandshakeStatus.NOT_HANDSHAKING) {
            answer(status);
        }
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            plain.deliver();
            connection.closeNotified();
        }
        return given;
    }

    /** What the engine has to say by itself, such as a new key; a whole new handshake is refused. */
    private void answer(HandshakeStatus status) throws SSLException {
        if (status == HandshakeStatus.NEED_TASK) {
            throw new SSLException("renegotiation is refused");
        }
        if (status == HandshakeStatus.NEED_WRAP) {
            out.sendLast(connection.engine());
        }
    }

    /** Bytes of the unfinished record; returns how many were used. */
    private int completePending(Buffer buffer, int offset, int length) {
        int used = 0;
        while (used < length && pending != null && !Records.isReady(pending.memory(), 0, pendingLength)) {
            int missing = Records.length(pending.memory(), 0, pendingLength) - pendingLength;
            int taken = Math.min(missing, length - used);
            keep(buffer, offset + used, taken);
            used += taken;
        }
        return used;
    }

    /** Keeps the beginning of a record; the buffer grows with what has come, never by what a header announces. */
    private void keep(Buffer buffer, int offset, int length) {
        int kept = pending == null ? 0 : pendingLength;
        if (pending == null || pending.capacity() - kept < length) {
            Buffer larger = connection.loop().reactor.buffers().acquire(Math.max(FIRST_PENDING_BYTES, kept + length));
            if (larger == null) {
                connection.outOfMemory();
                return;
            }
            if (pending != null) {
                larger.memory().putBytes(0, pending.memory(), 0, kept);
                pending.release();
            }
            pending = larger;
        }
        pending.memory().putBytes(kept, buffer.memory(), offset, length);
        pendingLength = kept + length;
    }

    /** The unfinished record will not be finished. */
    void drop() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }
}
