package io.hioload.protocol.tls;

import io.hioload.buffer.Buffer;
import io.hioload.control.Counter;
import io.hioload.control.LogLimit;
import io.hioload.reactor.Reactor;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * What the TLS connections of one stage on one reactor share: room for one record on each side of the engine, the handshakes
 * that have something to do, counters. Its thread only.
 *
 * <p>The engine works on heap arrays: on native buffers the JDK's ciphers allocate two arrays for each record and copy by
 * themselves. A copy of a record is a few hundred nanoseconds at the most.
 */
final class TlsLoop implements Runnable {

    static final System.Logger LOG = System.getLogger(TlsLoop.class.getName());

    /** The least size of a cork. */
    private static final int CORK_BYTES = 4096;
    /** An engine wants to see room for the largest record before it makes a small one. */
    private static final int ROOM_BYTES = 2 * Records.MAX_BYTES;

    final Reactor reactor;
    final byte[] in = new byte[ROOM_BYTES];
    final byte[] out = new byte[ROOM_BYTES];
    /** Over {@link #in}. */
    final ByteBuffer source = ByteBuffer.wrap(in);
    /** Over {@link #out}. */
    final ByteBuffer target = ByteBuffer.wrap(out);

    final Plaintext plaintext;

    final Counter handshakes;
    final Counter resumed;
    final Counter failed;
    final Counter timeouts;
    final Counter overloads;
    final Counter notTls;
    final Counter truncated;
    final Counter violations;
    final Counter memoryRefusals;
    final Counter recordsIn;
    final Counter recordsOut;
    private final Counter steps;
    private final Counter fullTurns;
    private final Counter open;

    private final TlsStage stage;
    private final LogLimit failureLog = new LogLimit(LOG);
    private final ArrayDeque<Handshake> waiting = new ArrayDeque<>();
    private boolean asked;
    private int connections;

    TlsLoop(TlsStage stage, Reactor reactor) {
        this.stage = stage;
        this.reactor = reactor;
        this.plaintext = new Plaintext(reactor.buffers());
        this.handshakes = reactor.counters().counter("tls.handshakes");
        this.resumed = reactor.counters().counter("tls.handshakes.resumed");
        this.failed = reactor.counters().counter("tls.handshakes.failed");
        this.timeouts = reactor.counters().counter("tls.handshakes.timeouts");
        this.overloads = reactor.counters().counter("tls.handshakes.overloads");
        this.notTls = reactor.counters().counter("tls.plaintext.refused");
        this.truncated = reactor.counters().counter("tls.truncated");
        this.violations = reactor.counters().counter("tls.violations");
        this.memoryRefusals = reactor.counters().counter("tls.memory.refusals");
        this.recordsIn = reactor.counters().counter("tls.records.in");
        this.recordsOut = reactor.counters().counter("tls.records.out");
        this.steps = reactor.counters().counter("tls.handshakes.steps");
        this.fullTurns = reactor.counters().counter("tls.handshakes.turns.full");
        this.open = reactor.counters().counter("tls.connections");
    }

    /** One more connection. */
    void came() {
        connections++;
        open.add(1);
    }

    /** One less; with the last one the reactor's part of the stage goes. */
    void went() {
        open.add(-1);
        if (--connections == 0) {
            stage.forget(this);
        }
    }

    /** A handshake has something to do; it is on the list once at the most. */
    void ready(Handshake handshake) {
        waiting.add(handshake);
        ask();
    }

    private void ask() {
        if (!asked) {
            asked = true;
            reactor.atTurnEnd(this);
        }
    }

    /** The handshakes' share of a turn: a step of each, one after the other, until the steps of a turn are used up. */
    @Override
    public void run() {
        asked = false;
        int left = stage.stepsPerTurn();
        while (left > 0) {
            Handshake next = waiting.poll();
            if (next == null) {
                return;
            }
            left--;
            steps.increment();
            if (next.step()) {
                waiting.add(next);
            }
        }
        if (!waiting.isEmpty()) {
            fullTurns.increment();
            ask();
        }
    }

    /** A buffer for small sends; {@code null} if the pool is exhausted. */
    Buffer takeCork(int minLength) {
        return reactor.buffers().acquire(Math.max(CORK_BYTES, minLength));
    }

    /** What was thrown, other than by TLS: a handler above, or the JDK. */
    void failure(Object source, String what, Throwable failure) {
        failureLog.failed(source, what, failure);
    }
}
