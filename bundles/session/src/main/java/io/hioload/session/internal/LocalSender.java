package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import io.hioload.reactor.Connection;
import io.hioload.websocket.SendListener;
import io.hioload.websocket.SendStatus;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends from the reactor's own thread. Small frames are written straight into the connection's cork, large ones into a
 * buffer of their own; a large message that goes back as it came is sent from where it lies, or copied once however many
 * sessions it goes to. Allocates nothing, except for a message that is longer than the pool's largest buffer.
 *
 * <p>Ownership: a buffer that is acquired or retained here is the connection's after a successful send, else it is released
 * here.
 */
final class LocalSender {

    /**
     * Frames up to this size share the cork: one page, where copying (under 100 ns) is far below the cost of the system call
     * that a buffer of its own needs (1 to 3 us), and several still fit in one cork.
     */
    static final int MAX_CORKED_BYTES = 4096;
    /** The longest payload whose frame, whatever its header, shares the cork. */
    static final int MAX_SMALL_BYTES = MAX_CORKED_BYTES - FrameEncoder.MAX_HEADER_BYTES;
    /** The longest payload whose frame's length is an int. */
    static final int MAX_MESSAGE_BYTES = Integer.MAX_VALUE - FrameEncoder.MAX_HEADER_BYTES;
    /** Up to so many chars text is written in one pass, with room for the worst case; longer text is measured first. */
    private static final int MAX_ONE_PASS_CHARS = 340;

    private final EngineState engine;
    private final FrameEncoder encoder;
    private final FrameWriter writer;
    private final Delivery delivery;
    private final boolean masks;
    private final BufferPool buffers;

    LocalSender(EngineState engine, Role role, FrameEncoder encoder, FrameWriter writer, Delivery delivery, BufferPool buffers) {
        this.engine = engine;
        this.encoder = encoder;
        this.writer = writer;
        this.delivery = delivery;
        this.masks = role == Role.CLIENT;
        this.buffers = buffers;
    }

    SendStatus send(WebSocketSession session, int opcode, DirectBuffer payload, int offset, int length) {
        payload.boundsCheck(offset, length);
        if (length > MAX_SMALL_BYTES) {
            return sendLarge(session, opcode, payload, offset, length);
        }
        int frameLength = encoder.headerLength(length) + length;
        if (isOverLimit(session, frameLength)) {
            return dropped(session);
        }
        Connection connection = session.connection();
        Buffer cork = connection.claim(frameLength);
        if (cork == null) {
            return refused(session);
        }
        connection.commit(encoder.encode(cork.memory(), connection.claimOffset(), opcode, true, payload, offset, length));
        return accepted(session);
    }

    /** Apart from small ones, so that the way of those is short enough to be compiled into the decoder's loop. */
    private SendStatus sendLarge(WebSocketSession session, int opcode, DirectBuffer payload, int offset, int length) {
        if (length > MAX_MESSAGE_BYTES) {
            return dropped(session);
        }
        int frameLength = encoder.headerLength(length) + length;
        if (isOverLimit(session, frameLength)) {
            return dropped(session);
        }
        Connection connection = session.connection();
        Buffer holder = masks ? null : delivery.holderOf(payload, offset, length);
        if (holder != null) {
            int frame = isWorthPinning(connection, holder, length) ? delivery.frameInPlace(opcode) : -1;
            if (frame >= 0) {
                return sendOwned(session, holder.retain(), frame, frameLength);
            }
            Buffer copy = delivery.copy(opcode);
            if (copy != null) {
                return sendOwned(session, copy.retain(), 0, frameLength);
            }
        }
        if (frameLength > buffers.maxCapacity()) {
            return sendChain(session, FrameChain.encode(encoder, buffers, opcode, payload, offset, length));
        }
        Buffer own = buffers.acquire(frameLength);
        if (own == null) {
            return dropped(session);
        }
        encoder.encode(own.memory(), 0, opcode, true, payload, offset, length);
        if (holder != null) {
            delivery.keepCopy(own, opcode);
        }
        return sendOwned(session, own, 0, frameLength);
    }

    /**
     * A peer that reads slowly would otherwise make a small message hold a large receive buffer for as long as it likes, and
     * only the message's bytes would count against its limit.
     */
    private static boolean isWorthPinning(Connection connection, Buffer holder, int length) {
        return length >= holder.capacity() >> 2 || connection.unsentBytes() == 0;
    }

    SendStatus sendText(WebSocketSession session, CharSequence text) {
        int chars = text.length();
        boolean onePass = chars <= MAX_ONE_PASS_CHARS;
        long length = onePass ? (long) chars * Utf8Writer.MAX_BYTES_PER_CHAR : Utf8Writer.lengthBytes(text);
        if (length > MAX_MESSAGE_BYTES) {
            return dropped(session);
        }
        int maxLength = (int) length;
        long room = writer.roomBytes(maxLength);
        if (room > buffers.maxCapacity()) {
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            return send(session, Opcode.TEXT, new UnsafeBuffer(bytes), 0, bytes.length);
        }
        if (isOverLimit(session, encoder.headerLength(maxLength) + maxLength)) {
            return dropped(session);
        }
        Connection connection = session.connection();
        if (room <= MAX_CORKED_BYTES) {
            Buffer cork = connection.claim((int) room);
            if (cork == null) {
                return refused(session);
            }
            connection.commit(writer.text(cork.memory(), connection.claimOffset(), text, maxLength));
            return accepted(session);
        }
        Buffer own = buffers.acquire((int) room);
        if (own == null) {
            return dropped(session);
        }
        return sendOwned(session, own, 0, writer.text(own.memory(), 0, text, maxLength));
    }

    /** Sends what another thread has encoded; the limits were looked at there. */
    void sendEncoded(WebSocketSession session, FrameChain frames) {
        Connection connection = session.connection();
        if (frames.isSingle() && frames.lengthBytes <= MAX_CORKED_BYTES) {
            Buffer cork = connection.claim(frames.lengthBytes);
            if (cork != null) {
                cork.memory().putBytes(connection.claimOffset(), frames.buffer.memory(), 0, frames.lengthBytes);
                connection.commit(frames.lengthBytes);
                frames.release();
                accepted(session);
                return;
            }
        }
        if (frames.send(session.connection()) < 0) {
            engine.sendLost.increment();
        } else {
            accepted(session);
        }
    }

    /**
     * Sends a message that goes to others as well, by one more reference of its buffers. Only where bytes wait already it joins
     * them in the cork, if it is small: a peer that reads slowly then holds no buffer for each message.
     */
    SendStatus sendShared(WebSocketSession session, FrameChain frames) {
        long unsentBytes = session.unsentBytes();
        if (unsentBytes > 0 && unsentBytes + frames.totalBytes() > engine.settings().maxUnsentBytes()
                && ClosingHandshake.isTooSlow(session)) {
            return dropped(session);
        }
        Connection connection = session.connection();
        if (unsentBytes > 0 && frames.isSingle() && frames.lengthBytes <= MAX_CORKED_BYTES) {
            Buffer cork = connection.claim(frames.lengthBytes);
            if (cork == null) {
                return refused(session);
            }
            cork.memory().putBytes(connection.claimOffset(), frames.buffer.memory(), 0, frames.lengthBytes);
            connection.commit(frames.lengthBytes);
            return accepted(session);
        }
        return frames.retain().send(connection) < 0 ? SendStatus.CLOSED : accepted(session);
    }

    /** Sends a piece of a message, as one frame, which must fit into a buffer. */
    SendStatus sendPiece(WebSocketSession session, int opcode, boolean fin, DirectBuffer payload, int offset, int length) {
        int frameLength = encoder.headerLength(length) + length;
        if (isOverLimit(session, frameLength)) {
            return dropped(session);
        }
        Connection connection = session.connection();
        if (frameLength <= MAX_CORKED_BYTES) {
            Buffer cork = connection.claim(frameLength);
            if (cork == null) {
                return refused(session);
            }
            connection.commit(encoder.encode(cork.memory(), connection.claimOffset(), opcode, fin, payload, offset, length));
        } else {
            Buffer own = buffers.acquire(frameLength);
            if (own == null) {
                return dropped(session);
            }
            encoder.encode(own.memory(), 0, opcode, fin, payload, offset, length);
            if (connection.send(own, 0, frameLength) < 0) {
                own.release();
                return SendStatus.CLOSED;
            }
        }
        return fin ? accepted(session) : taken(session);
    }

    /** Sends a message in buffers of its own and tells when the last of them comes back. */
    SendStatus sendTracked(WebSocketSession session, int opcode, DirectBuffer payload, int offset, int length, SendListener listener) {
        payload.boundsCheck(offset, length);
        if (length > MAX_MESSAGE_BYTES || isOverLimit(session, encoder.headerLength(length) + length)) {
            return dropped(session);
        }
        FrameChain frames = FrameChain.encode(encoder, buffers, opcode, payload, offset, length);
        return sendChain(session, frames == null ? null : frames.watched(new SentWatch(session, listener)));
    }

    /**
     * Sends a control frame, past the limits: it is small, and there is never more than one pong or close.
     *
     * @return false when out of memory or closed
     */
    boolean control(WebSocketSession session, int opcode, DirectBuffer payload, int offset, int length) {
        Connection connection = session.connection();
        Buffer cork = connection.claim(encoder.headerLength(length) + length);
        if (cork == null) {
            engine.controlDropped.increment();
            return false;
        }
        connection.commit(encoder.encode(cork.memory(), connection.claimOffset(), opcode, true, payload, offset, length));
        return true;
    }

    SendStatus sendChain(WebSocketSession session, FrameChain frames) {
        if (frames == null) {
            return dropped(session);
        }
        return frames.send(session.connection()) < 0 ? SendStatus.CLOSED : accepted(session);
    }

    SendStatus sendOwned(WebSocketSession session, Buffer buffer, int offset, int length) {
        if (session.connection().send(buffer, offset, length) < 0) {
            buffer.release();
            return SendStatus.CLOSED;
        }
        return accepted(session);
    }

    boolean isOverLimit(WebSocketSession session, int frameLength) {
        long unsentBytes = session.unsentBytes();
        return unsentBytes > 0 && unsentBytes + frameLength > engine.settings().maxUnsentBytes() && ClosingHandshake.isTooSlow(session);
    }

    SendStatus accepted(WebSocketSession session) {
        engine.messagesOut.increment();
        return taken(session);
    }

    private static SendStatus taken(WebSocketSession session) {
        if (session.connection().isWritable()) {
            return SendStatus.ACCEPTED;
        }
        session.oweWritable();
        return SendStatus.BACKPRESSURE;
    }

    private SendStatus refused(WebSocketSession session) {
        return session.connection().isOpen() ? dropped(session) : SendStatus.CLOSED;
    }

    SendStatus dropped(WebSocketSession session) {
        engine.sendDropped.increment();
        session.oweWritable();
        if (session.connection().isWritable()) {
            // No event of the connection will tell that it goes on.
            Writability.defer(session);
        }
        return SendStatus.DROPPED;
    }
}
