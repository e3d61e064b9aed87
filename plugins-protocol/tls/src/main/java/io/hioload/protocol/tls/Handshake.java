package io.hioload.protocol.tls;

import io.hioload.buffer.Buffer;
import io.hioload.transport.CloseMode;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * The handshake of one connection: it goes step by step, a record or a batch of tasks at a time, when its loop gives it a step.
 * There only until the connection is established. The reactor's thread, but for {@link #runTasks} and what is called from within.
 *
 * <p>Owns a buffer with what has come and was not used yet. Makes its engine when the first byte is there, so that a connection
 * that sends nothing costs next to nothing.
 *
 * <p>While tasks run elsewhere the engine is not touched: they hold its lock, and the reactor would wait for them.
 */
final class Handshake {

    private static final int FIRST_BYTES = 2048;
    /** More than that is not received while it waits for its turn. */
    private static final int ENOUGH_BYTES = 64 << 10;

    private final TlsConnection connection;
    private final OutboundRecords out;
    private final TlsLoop loop;
    private final HandshakeWorkers workers;
    private final Supplier<SSLEngine> maker;
    private SSLEngine engine;
    private Buffer input;
    private int start;
    private int end;
    private boolean listed;
    private boolean working;
    private boolean paused;
    private boolean over;
    private long beganMs;

    Handshake(TlsConnection connection, OutboundRecords out, TlsLoop loop, HandshakeWorkers workers, Supplier<SSLEngine> maker) {
        this.connection = connection;
        this.out = out;
        this.loop = loop;
        this.workers = workers;
        this.maker = maker;
    }

    /** The client speaks first. */
    void begin() {
        ready();
    }

    void received(Buffer buffer, int offset, int length) {
        if (over) {
            return;
        }
        if (!keep(buffer, offset, length)) {
            loop.memoryRefusals.increment();
            connection.abort();
            return;
        }
        if (end - start > ENOUGH_BYTES && !paused) {
            paused = true;
            connection.raw().receiving(false);
        }
        ready();
    }

    private boolean keep(Buffer buffer, int offset, int length) {
        int kept = end - start;
        if (input == null || input.capacity() - end < length) {
            int needed = kept + length;
            Buffer larger = needed > loop.reactor.buffers().maxCapacity() ? null
                    : loop.reactor.buffers().acquire(Math.max(FIRST_BYTES, needed));
            if (larger == null) {
                return false;
            }
            if (input != null) {
                larger.memory().putBytes(0, input.memory(), start, kept);
                input.release();
            }
            input = larger;
            start = 0;
            end = kept;
        }
        input.memory().putBytes(end, buffer.memory(), offset, length);
        end += length;
        return true;
    }

    private void ready() {
        if (!listed && !working && !over) {
            listed = true;
            loop.ready(this);
        }
    }

    /**
     * Does one thing.
     *
     * @return whether there is more to do at once
     */
    boolean step() {
        listed = false;
        if (over) {
            return false;
        }
        try {
            listed = next();
        } catch (SSLException e) {
            failed(e);
        } catch (Throwable e) {
            loop.failure(connection, "a TLS handshake", e);
            connection.abort();
        }
        return listed;
    }

    private boolean next() throws SSLException {
        if (engine == null) {
            beganMs = System.currentTimeMillis();
            engine = maker.get();
            engine.beginHandshake();
        }
        HandshakeStatus status = engine.getHandshakeStatus();
        return switch (status) {
            case NEED_TASK -> {
                work();
                yield false;
            }
            case NEED_WRAP -> out.wrapNothing(engine) || engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP;
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrap();
            case NOT_HANDSHAKING, FINISHED -> {
                finish();
                yield false;
            }
        };
    }

    private boolean unwrap() throws SSLException {
        int there = end - start;
        if (there == 0 || !Records.isReady(input.memory(), start, there)) {
            return false;
        }
        int given = Records.given(input.memory(), start, there);
        input.memory().getBytes(start, loop.in, 0, given);
        SSLEngineResult result = engine.unwrap(loop.source.limit(given).position(0), loop.target.clear());
        start += given;
        if (result.getStatus() == SSLEngineResult.Status.CLOSED || result.bytesConsumed() < given) {
            throw new SSLException("the peer has given the handshake up");
        }
        if (start == end) {
            releaseInput();
        }
        if (paused && end - start <= ENOUGH_BYTES) {
            paused = false;
            connection.raw().receiving(true);
        }
        return true;
    }

    private void work() {
        working = true;
        if (!workers.work(this)) {
            loop.overloads.increment();
            connection.abort();
        }
    }

    /** On a worker's thread. */
    void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        try {
            loop.reactor.execute(this::tasksDone);
        } catch (RejectedExecutionException e) {
            // The reactor has stopped, or it has too much to do: the handshake's deadline ends it.
            return;
        }
    }

    private void tasksDone() {
        working = false;
        ready();
    }

    private void finish() {
        over = true;
        if (paused) {
            connection.raw().receiving(true);
        }
        loop.handshakes.increment();
        // A session that is older than the handshake was resumed.
        boolean resumed = engine.getSession().getCreationTime() < beganMs;
        if (resumed) {
            loop.resumed.increment();
        }
        Buffer rest = input;
        input = null;
        connection.established(engine, resumed, rest, start, end - start);
    }

    /** By the peer's fault or ours: the peer is told by an alert. */
    private void failed(SSLException e) {
        TlsLoop.LOG.log(Level.DEBUG, "TLS handshake failed", e);
        connection.tellFailed(e);
        cancel();
        if (!working && engine != null) {
            out.sendLast(engine);
        }
        connection.raw().close(CloseMode.FLUSH);
    }

    /** The connection is closed, or will be: nothing happens any more. */
    void cancel() {
        over = true;
        releaseInput();
    }

    private void releaseInput() {
        if (input != null) {
            input.release();
            input = null;
        }
        start = 0;
        end = 0;
    }
}
