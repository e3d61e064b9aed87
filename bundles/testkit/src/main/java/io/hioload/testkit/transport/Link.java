package io.hioload.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.buffer.Buffer;
import io.hioload.transport.CloseMode;
import io.hioload.transport.Status;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * One connection as the harness sees it. The loop's thread writes; tests read from within {@link LoopHarness#await} and
 * {@link LoopHarness#call}, which order that.
 */
final class Link {

    /**
     * Bytes that came back while detaching.
     *
     * @param buffer holds them, one reference
     * @param offset first byte
     * @param length bytes
     */
    record Unsent(Buffer buffer, int offset, int length) {
    }

    final LoopHarness harness;
    final long id;
    final int listener;
    final Reaction reaction;
    final List<Unsent> unsent = new ArrayList<>();
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();

    boolean connecting;
    int connectStatus;
    long receivedBytes;
    int endsOfInput;
    boolean paused;
    int sends;
    int sent;
    int failedSends;
    long unsentBytes;
    boolean closing;
    boolean closed;
    int reason;
    boolean detached;
    long handle;

    Link(LoopHarness harness, long id, int listener, Reaction reaction) {
        this.harness = harness;
        this.id = id;
        this.listener = listener;
        this.reaction = reaction;
    }

    boolean isOpen() {
        return !connecting && !closed && !detached && !closing;
    }

    boolean isOver() {
        return closed || detached;
    }

    void collect(Buffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.memory().getBytes(offset, bytes);
        collected.writeBytes(bytes);
    }

    byte[] collected() {
        return collected.toByteArray();
    }

    /** Sends; the buffer's reference is gone afterwards, whatever the status. */
    int send(Buffer buffer, int offset, int length) {
        sends++;
        unsentBytes += length;
        int refs = buffer.refs();
        int status = harness.loop().send(id, buffer, offset, length);
        if (status == Status.SENT) {
            harness.sent(this, buffer, length, refs);
        } else if (status < 0) {
            sends--;
            unsentBytes -= length;
            buffer.release();
        }
        return status;
    }

    /** Sends bytes in a buffer of their own. */
    void send(byte[] bytes) {
        Buffer buffer = harness.buffers().acquire(bytes.length);
        buffer.memory().putBytes(0, bytes);
        int status = send(buffer, 0, bytes.length);
        assertTrue(status >= Status.OK, () -> "send: " + Status.text(status));
    }

    void receiving(boolean on) {
        paused = !on;
        assertEquals(Status.OK, harness.loop().receiving(id, on), "receiving");
    }

    void close(CloseMode how) {
        closing = true;
        assertEquals(Status.OK, harness.loop().close(id, how), "close");
    }
}
