package io.hioload.testkit.memory;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A test's own end of a connection. Calls wait for the other side, for at most ten seconds, and then fail. One thread at
 * a time.
 */
public final class MemoryPeer {

    private static final long PATIENCE_NS = 10_000_000_000L;

    private final MemoryNetwork network;
    private final MemoryEnd end;

    MemoryPeer(MemoryNetwork network, MemoryEnd end) {
        this.network = network;
        this.end = end;
    }

    /**
     * Sends bytes; waits while the other end's inbox is full.
     *
     * @param bytes what to send
     */
    public void send(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        UnsafeBuffer from = new UnsafeBuffer(bytes);
        synchronized (network) {
            for (int sent = 0; sent < bytes.length;) {
                await(() -> end.peer.room() > 0 || end.reset, "room to send");
                if (end.reset) {
                    throw new IllegalStateException("reset by the other side");
                }
                int length = Math.min(end.peer.room(), bytes.length - sent);
                end.peer.put(from, sent, length);
                sent += length;
                network.changed();
            }
        }
    }

    /**
     * Sends text.
     *
     * @param text sent as UTF-8
     */
    public void send(String text) {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Receives exactly so many bytes.
     *
     * @param length how many
     * @return the bytes
     */
    public byte[] receive(int length) {
        byte[] bytes = new byte[length];
        receive(bytes);
        return bytes;
    }

    /**
     * Fills an array with what was received.
     *
     * @param into filled whole
     */
    public void receive(byte[] into) {
        UnsafeBuffer to = new UnsafeBuffer(into);
        synchronized (network) {
            for (int got = 0; got < into.length;) {
                int before = got;
                await(() -> end.size() > 0 || end.finished || end.reset, "byte " + before + " of " + into.length);
                int length = Math.min(end.size(), into.length - got);
                if (length == 0) {
                    throw new IllegalStateException((end.reset ? "reset" : "end") + " after " + got + " of " + into.length + " bytes");
                }
                end.take(to, got, length);
                got += length;
                network.changed();
            }
        }
    }

    /**
     * Receives text.
     *
     * @param lengthBytes how many bytes of UTF-8
     * @return the text
     */
    public String receiveText(int lengthBytes) {
        return new String(receive(lengthBytes), StandardCharsets.UTF_8);
    }

    /**
     * What has arrived and was not received yet.
     *
     * @return bytes
     */
    public int available() {
        synchronized (network) {
            return end.size();
        }
    }

    /** Sends FIN: this end sends no more. */
    public void finish() {
        network.finish(end);
    }

    /** Resets the connection. */
    public void reset() {
        network.reset(end);
    }

    /** Waits until the other side has sent FIN and everything before it was received. */
    public void awaitEnd() {
        synchronized (network) {
            await(() -> end.finished && end.size() == 0, "the end of input");
        }
    }

    /** Waits until the connection is reset. */
    public void awaitReset() {
        synchronized (network) {
            await(() -> end.reset, "a reset");
        }
    }

    private interface Condition {
        boolean met();
    }

    private void await(Condition condition, String what) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.met()) {
            long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                throw new IllegalStateException("waited 10 s for " + what + "; " + end.size() + " bytes are there, finished "
                        + end.finished + ", reset " + end.reset);
            }
            try {
                network.wait(leftMs);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + what, e);
            }
        }
    }
}
