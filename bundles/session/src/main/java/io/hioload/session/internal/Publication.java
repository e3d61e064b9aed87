package io.hioload.session.internal;

import io.hioload.protocol.Opcode;
import io.hioload.websocket.SendStatus;

/**
 * One message for all subscribers of a topic: encoded once, shared by reference count. Made by the publisher; each reactor that
 * it was given to, each session that is between two reactors, and each place that keeps it as a last value holds a reference
 * until it has done with it.
 *
 * <p>The frames are those of a server's sessions without an extension. What an extension makes of the message, once for each
 * kind of encoding, is made on each reactor by {@link ExtendedSender}.
 */
final class Publication {

    final String topic;
    final String[] levels;
    /** Later ones have higher numbers, on every reactor. Set under the hub's lock, before anybody else sees it. */
    long number;
    /** Whether it becomes the topic's last value. */
    final boolean kept;
    /** Null takes the last value away. */
    final FrameChain frames;
    final int opcode;
    /** Of the message. */
    final int length;

    Publication(String topic, String[] levels, FrameChain frames, int opcode, int length, boolean kept) {
        this.topic = topic;
        this.levels = levels;
        this.frames = frames;
        this.opcode = opcode;
        this.length = length;
        this.kept = kept;
    }

    /** Has a topic's last value forgotten. */
    static Publication forgetting(String topic, String[] levels) {
        return new Publication(topic, levels, null, Opcode.BINARY, 0, true);
    }

    boolean isForgetting() {
        return frames == null;
    }

    /** Sends it to one session; with a place for what extensions make of it, or null if it goes to this one only. */
    SendStatus send(WebSocketSession session, EncodedCopies copies) {
        if (!session.isOpen()) {
            return SendStatus.CLOSED;
        }
        if ((session.flags & SessionFlags.STREAMING) != 0) {
            retain();
            PieceSender.hold(session, () -> {
                send(session, null);
                release();
            });
            return SendStatus.ACCEPTED;
        }
        EngineState engine = session.engine();
        // What had to be cut in fragments is too long for an extension's buffers as well.
        return session.agreed() == null || !frames.isSingle() ? engine.local.sendShared(session, frames)
                : engine.extended.send(session, opcode, frames.buffer.memory(), frames.lengthBytes - length, length, copies);
    }

    void retain() {
        if (frames != null) {
            frames.retain();
        }
    }

    void release() {
        if (frames != null) {
            frames.release();
        }
    }
}
