package io.hioload.websocket;

import org.osgi.annotation.versioning.ConsumerType;

/** Is told what became of one message, see {@link Session#sendTracked}. */
@ConsumerType
@FunctionalInterface
public interface SendListener {

    /**
     * The message is done. Comes once, on the reactor's thread, never from within the send; perhaps after
     * {@link WebSocketHandler#onClose}.
     *
     * @param session where it was sent
     * @param status  ACCEPTED: the system has taken all of it. CLOSED: the connection ended, or began to, before that was
     *                known
     */
    void onDone(Session session, SendStatus status);
}
