package io.hioload.transport.epoll;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.control.Counters;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.LoopContext;
import io.hioload.transport.Status;
import io.hioload.transport.TransportEvents;
import io.hioload.transport.TransportSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;

/** An epoll loop that a test drives by hand, on one thread. It echoes, and counts what happens; ids are 1 &lt;&lt; 32 | n. */
class LoopDriver implements LoopContext, TransportEvents, AutoCloseable {

    private static final long DEADLINE_NS = 10_000_000_000L;

    final BufferPool pool;
    final Counters counters = new Counters();
    final EpollLoop loop;
    final InetSocketAddress address;
    int accepted;
    int received;
    long receivedBytes;
    int ended;
    int closed;
    int reason;

    LoopDriver(BufferPool pool, Syscalls sys, ListenOptions options) throws Exception {
        this.pool = pool;
        loop = new EpollLoop(this, sys);
        int status = loop.listen(0, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), options);
        if (status != Status.OK) {
            throw new AssertionError(Status.text(status));
        }
        address = (InetSocketAddress) loop.localAddress(0);
    }

    static long id(int n) {
        return 1L << 32 | n;
    }

    void pollUntil(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + DEADLINE_NS;
        while (!condition.getAsBoolean()) {
            loop.poll(64, 20_000_000);
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("polled in vain: " + counters.read());
            }
        }
    }

    long count(String counter) {
        return counters.counter(counter).get();
    }

    @Override
    public void close() {
        loop.close();
    }

    @Override
    public TransportEvents events() {
        return this;
    }

    @Override
    public BufferPool buffers() {
        return pool;
    }

    @Override
    public int maxConnections() {
        return 1000;
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public TransportSettings settings() {
        return TransportSettings.DEFAULT;
    }

    @Override
    public long onAccept(int listener) {
        return id(accepted++);
    }

    @Override
    public void onConnect(long id, int status) {
        throw new AssertionError("nobody connects");
    }

    @Override
    public void onReceive(long id, Buffer buffer, int offset, int length) {
        received++;
        receivedBytes += length;
        if (loop.send(id, buffer.retain(), offset, length) != Status.OK) {
            buffer.release();
        }
    }

    @Override
    public void onEndOfInput(long id) {
        ended++;
    }

    @Override
    public void onSent(long id, Buffer buffer, int length, int status) {
        buffer.release();
    }

    @Override
    public void onUnsent(long id, Buffer buffer, int offset, int length) {
        buffer.release();
    }

    @Override
    public void onClosed(long id, int why) {
        closed++;
        reason = why;
    }

    @Override
    public void onDetached(long id, long handle) {
        throw new AssertionError("nobody detaches");
    }
}
