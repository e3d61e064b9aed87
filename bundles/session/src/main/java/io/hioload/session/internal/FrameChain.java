package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.Opcode;
import io.hioload.reactor.Connection;
import io.hioload.transport.Status;
import org.agrona.DirectBuffer;

/**
 * A message in buffers of its own: one frame, or when it is longer than the pool's largest buffer, as many fragments as it
 * takes (RFC 6455, section 5.4). Owns one reference of each buffer until {@link #send} or {@link #release}. One owner at a
 * time, on any thread.
 */
final class FrameChain {

    final Buffer buffer;
    final int lengthBytes;
    private FrameChain next;

    FrameChain(Buffer buffer, int lengthBytes) {
        this.buffer = buffer;
        this.lengthBytes = lengthBytes;
    }

    /**
     * Encodes a message.
     *
     * @param encoder of the role
     * @param pool    where the buffers come from
     * @param opcode  of the message
     * @param payload what to send
     * @param offset  first byte
     * @param length  from 0
     * @return the first frame, or {@code null} when out of memory, and then nothing is held
     */
    static FrameChain encode(FrameEncoder encoder, BufferPool pool, int opcode, DirectBuffer payload, int offset, int length) {
        int maxPayload = pool.maxCapacity() - FrameEncoder.MAX_HEADER_BYTES;
        FrameChain first = null;
        FrameChain last = null;
        int done = 0;
        do {
            int part = Math.min(length - done, maxPayload);
            Buffer buffer = pool.acquire(encoder.headerLength(part) + part);
            if (buffer == null) {
                if (first != null) {
                    first.release();
                }
                return null;
            }
            boolean fin = done + part == length;
            int frameOpcode = first == null ? opcode : Opcode.CONTINUATION;
            FrameChain frame = new FrameChain(buffer,
                    encoder.encode(buffer.memory(), 0, frameOpcode, fin, payload, offset + done, part));
            if (first == null) {
                first = frame;
            } else {
                last.next = frame;
            }
            last = frame;
            done += part;
        } while (done < length);
        return first;
    }

    boolean isSingle() {
        return next == null;
    }

    /**
     * Sends all frames and gives up ownership. Reactor thread only.
     *
     * @param connection where to
     * @return OK or CLOSED
     */
    int send(Connection connection) {
        for (FrameChain frame = this; frame != null; frame = frame.next) {
            int status = connection.send(frame.buffer, 0, frame.lengthBytes);
            if (status < 0) {
                frame.release();
                return status;
            }
        }
        return Status.OK;
    }

    /** The same with somebody who is told when the last frame's buffer comes back. */
    FrameChain watched(SentWatch watch) {
        if (next == null) {
            return new FrameChain(watch.over(buffer), lengthBytes);
        }
        FrameChain last = next;
        FrameChain before = this;
        while (last.next != null) {
            before = last;
            last = last.next;
        }
        before.next = new FrameChain(watch.over(last.buffer), last.lengthBytes);
        return this;
    }

    /** Bytes of this frame and those behind it. */
    long totalBytes() {
        long bytes = 0;
        for (FrameChain frame = this; frame != null; frame = frame.next) {
            bytes += frame.lengthBytes;
        }
        return bytes;
    }

    /** Adds one reference of each buffer, for one more {@link #send} or {@link #release}. */
    FrameChain retain() {
        for (FrameChain frame = this; frame != null; frame = frame.next) {
            frame.buffer.retain();
        }
        return this;
    }

    /** Gives back this frame and those behind it. */
    void release() {
        for (FrameChain frame = this; frame != null; frame = frame.next) {
            frame.buffer.release();
        }
    }
}
