package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.MessageCoder;
import io.hioload.protocol.MessageExtensionProvider;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import io.hioload.reactor.Connection;
import io.hioload.session.AgreedExtension;
import io.hioload.websocket.SendStatus;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends messages of sessions that have agreed on an extension: encoded on their reactor's thread, in the order in which they
 * go out, since what is sent may build on what was sent before. Another thread's message is copied and handed over as it is.
 * A message that the extension declines goes the way of all others, {@link LocalSender}'s. Limits count a message's length
 * before it is encoded.
 *
 * <p>Ownership: a buffer that is acquired or retained here is the connection's after a successful send, else it is released
 * here.
 */
final class ExtendedSender {

    /** Where the payload begins, in what another thread gives and in what an extension gives. */
    private static final int ROOM = FrameEncoder.MAX_HEADER_BYTES;

    private final EngineState engine;
    private final FrameEncoder encoder;
    private final LocalSender local;
    private final Delivery delivery;
    private final boolean masks;
    private final BufferPool buffers;

    ExtendedSender(EngineState engine, Role role, FrameEncoder encoder, LocalSender local, Delivery delivery, BufferPool buffers) {
        this.engine = engine;
        this.encoder = encoder;
        this.local = local;
        this.delivery = delivery;
        this.masks = role == Role.CLIENT;
        this.buffers = buffers;
    }

    // Reactor thread

    SendStatus send(WebSocketSession session, int opcode, DirectBuffer payload, int offset, int length) {
        return send(session, opcode, payload, offset, length, delivery.copiesOf(payload, offset, length));
    }

    /**
     * Sends a message that goes to other sessions as well.
     *
     * @param copies of exactly this message, or {@code null} if it is for this session alone
     */
    SendStatus send(WebSocketSession session, int opcode, DirectBuffer payload, int offset, int length, EncodedCopies copies) {
        AgreedExtension agreed = session.agreed();
        if (agreed == null) {
            return local.send(session, opcode, payload, offset, length);
        }
        payload.boundsCheck(offset, length);
        if (length > LocalSender.MAX_MESSAGE_BYTES || local.isOverLimit(session, encoder.headerLength(length) + length)) {
            return local.dropped(session);
        }
        MessageCoder coder = agreed.coder();
        int kind = masks || copies == null ? -1 : coder.encodingKind();
        if (kind >= 0) {
            return sendCopy(session, agreed, kind, opcode, payload, offset, length, copies);
        }
        int encoded = coder.encode(payload, offset, length);
        return encoded < 0 ? local.send(session, opcode, payload, offset, length) : sendOutput(session, coder, opcode, encoded);
    }

    private SendStatus sendCopy(WebSocketSession session, AgreedExtension agreed, int kind, int opcode, DirectBuffer payload, int offset,
            int length, EncodedCopies copies) {
        MessageExtensionProvider by = agreed.provider();
        EncodedCopies.Copy copy = copies.find(by, kind, opcode);
        if (copy == null) {
            int encoded = agreed.coder().encode(payload, offset, length);
            if (encoded < 0) {
                copies.keep(by, kind, opcode, null, 0, 0);
            } else {
                Buffer output = agreed.coder().takeOutput();
                int frame = encoder.prepend(output.memory(), ROOM, opcode | Opcode.RSV1, true, encoded);
                copies.keep(by, kind, opcode, output, frame, ROOM - frame + encoded);
            }
            copy = copies.find(by, kind, opcode);
        }
        return copy.frame() == null ? local.send(session, opcode, payload, offset, length)
                : sendFrame(session, copy.frame().retain(), copy.offset(), copy.length());
    }

    /** Sends what the coder has just encoded. */
    private SendStatus sendOutput(WebSocketSession session, MessageCoder coder, int opcode, int length) {
        if (masks) {
            Buffer frame = buffers.acquire(encoder.headerLength(length) + length);
            if (frame == null) {
                coder.discard();
                return local.dropped(session);
            }
            Buffer output = coder.takeOutput();
            int frameLength = encoder.encode(frame.memory(), 0, opcode | Opcode.RSV1, true, output.memory(), ROOM, length);
            output.release();
            return sendFrame(session, frame, 0, frameLength);
        }
        Buffer output = coder.takeOutput();
        int frame = encoder.prepend(output.memory(), ROOM, opcode | Opcode.RSV1, true, length);
        return sendFrame(session, output, frame, ROOM - frame + length);
    }

    /** Sends a frame in a buffer that is given up. */
    private SendStatus sendFrame(WebSocketSession session, Buffer buffer, int offset, int length) {
        if (length <= LocalSender.MAX_CORKED_BYTES) {
            Connection connection = session.connection();
            Buffer cork = connection.claim(length);
            if (cork != null) {
                cork.memory().putBytes(connection.claimOffset(), buffer.memory(), offset, length);
                connection.commit(length);
                buffer.release();
                return local.accepted(session);
            }
        }
        return local.sendOwned(session, buffer, offset, length);
    }

    SendStatus sendText(WebSocketSession session, CharSequence text) {
        long length = session.agreed() == null ? -1 : Utf8Writer.lengthBytes(text);
        if (length < 0 || length > LocalSender.MAX_MESSAGE_BYTES) {
            return local.sendText(session, text);
        }
        if (length > buffers.maxCapacity()) {
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            return send(session, Opcode.TEXT, new UnsafeBuffer(bytes), 0, bytes.length, null);
        }
        Buffer utf8 = buffers.acquire(Math.max(1, (int) length));
        if (utf8 == null) {
            return local.sendText(session, text);
        }
        Utf8Writer.write(text, utf8.memory(), 0);
        SendStatus status = send(session, Opcode.TEXT, utf8.memory(), 0, (int) length, null);
        utf8.release();
        return status;
    }

    /** Sends what another thread gave, {@link #ROOM} behind the beginning of its buffer, and gives it up. Limits were looked at there. */
    void sendHandedOver(WebSocketSession session, int opcode, FrameChain payload) {
        Buffer buffer = payload.buffer;
        int length = payload.lengthBytes;
        AgreedExtension agreed = session.agreed();
        int encoded = agreed == null ? MessageCoder.DECLINED : agreed.coder().encode(buffer.memory(), ROOM, length);
        SendStatus status;
        if (encoded >= 0) {
            status = sendOutput(session, agreed.coder(), opcode, encoded);
            buffer.release();
        } else if (masks) {
            FrameChain masked = FrameChain.encode(encoder, buffers, opcode, buffer.memory(), ROOM, length);
            status = local.sendChain(session, masked);
            buffer.release();
        } else {
            int frame = encoder.prepend(buffer.memory(), ROOM, opcode, true, length);
            status = sendFrame(session, buffer, frame, ROOM - frame + length);
        }
        if (status == SendStatus.DROPPED || status == SendStatus.CLOSED) {
            engine.sendLost.increment();
        }
    }

    // Any other thread

    SendStatus sendFromElsewhere(WebSocketSession session, int opcode, DirectBuffer payload, int offset, int length) {
        payload.boundsCheck(offset, length);
        if (length > engine.shared.maxCapacity() - ROOM) {
            return engine.remote.send(session, opcode, payload, offset, length);
        }
        int bytes = encoder.headerLength(length) + length;
        if (!engine.remote.reserve(session, bytes)) {
            return engine.remote.dropped(session);
        }
        Buffer copy = engine.shared.acquire(ROOM + length);
        if (copy != null) {
            copy.memory().putBytes(ROOM, payload, offset, length);
        }
        return engine.remote.handOver(session, bytes, copy == null ? null : new FrameChain(copy, length), opcode);
    }

    SendStatus sendTextFromElsewhere(WebSocketSession session, CharSequence text) {
        long length = Utf8Writer.lengthBytes(text);
        if (length > engine.shared.maxCapacity() - ROOM) {
            return engine.remote.sendText(session, text);
        }
        int bytes = encoder.headerLength((int) length) + (int) length;
        if (!engine.remote.reserve(session, bytes)) {
            return engine.remote.dropped(session);
        }
        Buffer copy = engine.shared.acquire(ROOM + (int) length);
        if (copy != null) {
            Utf8Writer.write(text, copy.memory(), ROOM);
        }
        return engine.remote.handOver(session, bytes, copy == null ? null : new FrameChain(copy, (int) length), Opcode.TEXT);
    }
}
