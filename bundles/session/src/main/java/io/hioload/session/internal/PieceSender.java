package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.Opcode;
import io.hioload.websocket.Context;
import io.hioload.websocket.MessageStream;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import java.util.ArrayDeque;
import org.agrona.DirectBuffer;

/**
 * A message that is being sent in pieces, and what waits behind it: frames of two messages must not be mixed (RFC 6455, section
 * 5.4). There from its beginning to its end only, found by the session's context and its flag {@link SessionFlags#STREAMING}.
 * The reactor's thread. What waits owns its memory and gives it back when it is run, also after the session's end.
 */
final class PieceSender implements MessageStream {

    private static final Context.Key<PieceSender> KEY = new Context.Key<>("message in pieces");

    private final WebSocketSession session;
    private final int opcode;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(2);
    private long waitingBytes;
    private boolean begun;
    private boolean over;

    private PieceSender(WebSocketSession session, int opcode) {
        this.session = session;
        this.opcode = opcode;
    }

    static MessageStream begin(WebSocketSession session, MessageType type) {
        checkThread(session);
        if ((session.flags & SessionFlags.STREAMING) != 0) {
            throw new IllegalStateException("the session is sending another message in pieces");
        }
        PieceSender sender = new PieceSender(session, type == MessageType.TEXT ? Opcode.TEXT : Opcode.BINARY);
        if (session.isOpen()) {
            session.context().put(KEY, sender);
            session.mark(SessionFlags.STREAMING);
        }
        return sender;
    }

    private static void checkThread(WebSocketSession session) {
        if (!session.engine().reactor.inEventLoop()) {
            throw new IllegalStateException("a message in pieces is for the thread of the session's reactor");
        }
    }

    /** Lets a message wait until the one in pieces has ended. */
    static SendStatus hold(WebSocketSession session, MessageType type, DirectBuffer payload, int offset, int length) {
        payload.boundsCheck(offset, length);
        EngineState engine = session.engine();
        PieceSender sender = session.attributes().get(KEY);
        boolean fits = length <= engine.reactor.buffers().maxCapacity()
                && session.unsentBytes() + sender.waitingBytes + length <= engine.settings().maxUnsentBytes();
        Buffer copy = fits ? engine.reactor.buffers().acquire(Math.max(1, length)) : null;
        if (copy == null) {
            return engine.local.dropped(session);
        }
        copy.memory().putBytes(0, payload, offset, length);
        sender.waitingBytes += length;
        sender.waiting.add(() -> {
            session.send(type, copy.memory(), 0, length);
            copy.release();
        });
        return SendStatus.ACCEPTED;
    }

    /** Lets something wait whose bytes are counted elsewhere. */
    static void hold(WebSocketSession session, Runnable message) {
        session.attributes().get(KEY).waiting.add(message);
    }

    /** The session is over. */
    static void end(WebSocketSession session) {
        SessionContext attributes = session.attributes();
        PieceSender sender = attributes == null ? null : attributes.get(KEY);
        if (sender != null) {
            sender.finish();
        }
    }

    @Override
    public SendStatus append(DirectBuffer buffer, int offset, int length) {
        return piece(false, buffer, offset, length);
    }

    @Override
    public SendStatus end(DirectBuffer buffer, int offset, int length) {
        SendStatus status = piece(true, buffer, offset, length);
        if (status != SendStatus.DROPPED && !over) {
            finish();
        }
        return status;
    }

    private SendStatus piece(boolean last, DirectBuffer buffer, int offset, int length) {
        buffer.boundsCheck(offset, length);
        if (!session.isOpen()) {
            return SendStatus.CLOSED;
        }
        checkThread(session);
        if (over) {
            throw new IllegalStateException("the message has ended");
        }
        int most = session.engine().reactor.buffers().maxCapacity() - FrameEncoder.MAX_HEADER_BYTES;
        if (length > most) {
            throw new IllegalArgumentException("a piece of " + length + " bytes, must be at most " + most);
        }
        SendStatus status = session.engine().local.sendPiece(session, begun ? Opcode.CONTINUATION : opcode, last, buffer, offset, length);
        begun |= status == SendStatus.ACCEPTED || status == SendStatus.BACKPRESSURE;
        return status;
    }

    private void finish() {
        over = true;
        session.context().put(KEY, null);
        session.unmark(SessionFlags.STREAMING);
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
    }
}
