package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.Opcode;
import io.hioload.websocket.SendListener;
import io.hioload.websocket.SendStatus;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends from any other thread: the message is encoded there, into a buffer of the shared pool, and handed over through the
 * reactor's queue, which keeps each thread's order. Costs the copy and one small object for the hand-over.
 *
 * <p>What is on its way counts toward the session's unsent bytes and limit. What arrives after the session has closed is
 * released; its sender was told that it is accepted, as it would be for what the system had taken.
 */
final class RemoteSender {

    /** In place of an opcode: the frames have their headers. */
    static final int ENCODED = -1;

    private final EngineState engine;
    private final FrameEncoder encoder;
    private final FrameWriter writer;
    private final BufferPool shared;
    private final AtomicLong dropped = new AtomicLong();

    RemoteSender(EngineState engine, FrameEncoder encoder, FrameWriter writer, BufferPool shared) {
        this.engine = engine;
        this.encoder = encoder;
        this.writer = writer;
        this.shared = shared;
    }

    SendStatus send(WebSocketSession session, int opcode, DirectBuffer payload, int offset, int length) {
        payload.boundsCheck(offset, length);
        if (length > LocalSender.MAX_MESSAGE_BYTES) {
            return dropped(session);
        }
        int bytes = encoder.headerLength(length) + length;
        if (!reserve(session, bytes)) {
            return dropped(session);
        }
        return handOver(session, bytes, FrameChain.encode(encoder, shared, opcode, payload, offset, length), ENCODED);
    }

    SendStatus sendText(WebSocketSession session, CharSequence text) {
        long length = Utf8Writer.lengthBytes(text);
        if (length > LocalSender.MAX_MESSAGE_BYTES) {
            return dropped(session);
        }
        int utf8Length = (int) length;
        long room = writer.roomBytes(utf8Length);
        if (room > shared.maxCapacity()) {
            byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
            return send(session, Opcode.TEXT, new UnsafeBuffer(utf8), 0, utf8.length);
        }
        int bytes = encoder.headerLength(utf8Length) + utf8Length;
        if (!reserve(session, bytes)) {
            return dropped(session);
        }
        Buffer buffer = shared.acquire((int) room);
        if (buffer != null) {
            writer.text(buffer.memory(), 0, text, utf8Length);
        }
        return handOver(session, bytes, buffer == null ? null : new FrameChain(buffer, bytes), ENCODED);
    }

    boolean reserve(WebSocketSession session, int bytes) {
        return session.reserve(bytes, session.connection().unsentBytes(), engine.settings().maxUnsentBytes())
                || !ClosingHandshake.isTooSlow(session);
    }

    /**
     * Hands over what was reserved.
     *
     * @param opcode of a message that is not encoded yet, see {@link ExtendedSender#sendHandedOver}; or ENCODED
     */
    SendStatus handOver(WebSocketSession session, int bytes, FrameChain frames, int opcode) {
        if (frames == null) {
            session.unreserve(bytes);
            return dropped(session);
        }
        // The connection's water marks are the reactor's to read. A quarter of the limit is when to slow down in any case.
        boolean congested = session.isWritableOwed() || session.unsentBytes() > engine.settings().maxUnsentBytes() >> 2;
        try {
            ReactorTasks.toReactor(session, new HandOver(session, bytes, frames, opcode, congested));
        } catch (RejectedExecutionException e) {
            frames.release();
            session.unreserve(bytes);
            return dropped(session);
        }
        return congested ? SendStatus.BACKPRESSURE : SendStatus.ACCEPTED;
    }

    SendStatus dropped(WebSocketSession session) {
        dropped.incrementAndGet();
        session.oweWritable();
        Writability.defer(session);
        return SendStatus.DROPPED;
    }

    /** Sends a message in buffers of its own and tells when the last of them comes back. */
    SendStatus sendTracked(WebSocketSession session, int opcode, DirectBuffer payload, int offset, int length, SendListener listener) {
        payload.boundsCheck(offset, length);
        if (length > LocalSender.MAX_MESSAGE_BYTES) {
            return dropped(session);
        }
        int bytes = encoder.headerLength(length) + length;
        if (!reserve(session, bytes)) {
            return dropped(session);
        }
        FrameChain frames = FrameChain.encode(encoder, shared, opcode, payload, offset, length);
        if (frames == null) {
            session.unreserve(bytes);
            return dropped(session);
        }
        SentWatch watch = new SentWatch(session, listener);
        TrackedHandOver handOver = new TrackedHandOver(session, bytes, frames.watched(watch));
        try {
            ReactorTasks.toReactor(session, handOver);
        } catch (RejectedExecutionException e) {
            watch.ignore();
            handOver.frames.release();
            session.unreserve(bytes);
            return dropped(session);
        }
        return session.isWritableOwed() ? SendStatus.BACKPRESSURE : SendStatus.ACCEPTED;
    }

    /** One message on its way that somebody waits for. */
    private record TrackedHandOver(WebSocketSession session, int bytes, FrameChain frames) implements Runnable {
        @Override
        public void run() {
            if ((session.flags & (SessionFlags.STREAMING | SessionFlags.NOT_SENDING)) == SessionFlags.STREAMING) {
                PieceSender.hold(session, this);
                return;
            }
            session.unreserve(bytes);
            if ((session.flags & SessionFlags.NOT_SENDING) != 0) {
                session.engine().sendLost.increment();
                frames.release();
            } else {
                session.engine().local.sendChain(session, frames);
            }
        }
    }

    /** Moves what other threads counted to the reactor's counter. Reactor thread. */
    void settleCount() {
        if (dropped.get() != 0) {
            engine.sendDropped.add(dropped.getAndSet(0));
        }
    }

    /** One message on its way. */
    private record HandOver(WebSocketSession session, int bytes, FrameChain frames, int opcode, boolean congested) implements Runnable {
        @Override
        public void run() {
            ReactorTasks.receive(session, bytes, frames, opcode, congested);
        }
    }
}
