package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.protocol.MessageCoder;
import io.hioload.session.AgreedExtension;
import io.hioload.websocket.CloseCode;
import io.hioload.websocket.Context;

/**
 * Decodes messages that the extension of a session encoded, and looks after what the session and its peer agreed on, which is in
 * the session's context. The thread of the session's reactor. Holds nothing; a decoded message is released when it is delivered.
 */
final class ExtendedReceiver {

    /** Few sessions have one, and all are small: so it has no field. */
    private static final Context.Key<AgreedExtension> AGREED = new Context.Key<>("extension");

    private ExtendedReceiver() {
    }

    /** Before the session opens. */
    static void agree(WebSocketSession session, AgreedExtension agreed) {
        session.context().put(AGREED, agreed);
        session.mark(SessionFlags.EXTENDED);
    }

    /** Null if the session uses none. */
    static AgreedExtension agreed(WebSocketSession session) {
        return (session.flags & SessionFlags.EXTENDED) == 0 ? null : session.attributes().get(AGREED);
    }

    static void closeAgreed(WebSocketSession session) {
        AgreedExtension agreed = agreed(session);
        if (agreed != null) {
            session.attributes().put(AGREED, null);
            agreed.close();
        }
    }

    /** False if nothing more is to be decoded. */
    static boolean receive(WebSocketSession session, int opcode, Buffer buffer, int offset, int length) {
        AgreedExtension agreed = agreed(session);
        if ((session.flags & SessionFlags.NOT_OPEN) != 0 || agreed == null) {
            return (session.flags & SessionFlags.INPUT_OVER) == 0;
        }
        EngineState engine = session.engine();
        // A transport may deliver what it had begun to receive when the session's move began.
        boolean leaving = !agreed.isHere();
        if (leaving && !engine.extensions().take(agreed)) {
            session.extensionGone();
            return false;
        }
        MessageCoder coder = agreed.coder();
        int decoded = coder.decode(buffer, offset, length, engine.maxMessageBytes());
        if (leaving) {
            agreed.leave();
        }
        if (decoded < 0) {
            undecodable(session, decoded);
            return false;
        }
        Buffer message = coder.takeOutput();
        try {
            return engine.deliverDecoded(session, opcode, message, decoded);
        } finally {
            message.release();
        }
    }

    /** RFC 7692, section 7.2.2 leaves the close code open; 1007 is what ws and Jetty answer to data that cannot be inflated. */
    private static void undecodable(WebSocketSession session, int result) {
        switch (result) {
            case MessageCoder.TOO_BIG -> session.onViolation(CloseCode.TOO_BIG, "message too big");
            case MessageCoder.NO_MEMORY -> session.onViolation(CloseCode.INTERNAL_ERROR, "out of buffers");
            default -> session.onViolation(CloseCode.INVALID_PAYLOAD, "message cannot be decoded");
        }
    }
}
