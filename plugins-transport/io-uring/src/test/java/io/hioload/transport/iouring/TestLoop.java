package io.hioload.transport.iouring;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.buffer.BufferPoolManager;
import io.hioload.control.Counters;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.LoopContext;
import io.hioload.transport.Status;
import io.hioload.transport.TransportEvents;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportSettings;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A loop that runs on the test's own thread, turn by turn, and echoes. It owns the loop. */
class TestLoop implements LoopContext, TransportEvents, AutoCloseable {

    static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final int LIMIT = 256;
    private static final int MOST_CONNECTIONS = 20_000;

    private final Counters counters = new Counters();
    private final BufferPool buffers;
    private final TransportSettings settings;
    private final ArrayDeque<Integer> freeSlots = new ArrayDeque<>();
    private final int[] generations = new int[MOST_CONNECTIONS];
    final UringLoop loop;

    int slots;
    final List<Long> opened = new ArrayList<>();
    int open;
    int accepts;
    int ends;
    long receivedBytes;
    int sends;
    int sent;
    int failedSends;
    int lastReason;
    boolean echo = true;
    final List<Buffer> kept = new ArrayList<>();
    boolean keep;

    TestLoop(BufferPoolManager memory, Map<String, String> properties) throws TransportException {
        this(memory, TransportSettings.DEFAULT_RECEIVE_BYTES, properties, Syscalls::new);
    }

    TestLoop(BufferPoolManager memory, int receiveBytes, Map<String, String> properties, Function<Arena, Syscalls> syscalls)
            throws TransportException {
        buffers = memory.confined(0);
        settings = new TransportSettings(receiveBytes, properties);
        Arena arena = Arena.ofConfined();
        loop = new UringLoop(this, arena, syscalls.apply(arena));
    }

    InetSocketAddress listen() {
        int status = loop.listen(0, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), ListenOptions.DEFAULT);
        if (status != Status.OK) {
            throw new AssertionError(Status.text(status));
        }
        return (InetSocketAddress) loop.localAddress(0);
    }

    Socket connect(InetSocketAddress address) throws Exception {
        return connect(address, "127.0.0.1");
    }

    Socket connect(InetSocketAddress address, String from) throws Exception {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        socket.connect(address);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) TimeUnit.NANOSECONDS.toMillis(DEADLINE_NS));
        int wanted = accepts + 1;
        until(() -> accepts >= wanted);
        return socket;
    }

    int turn(long timeoutNs) {
        int delivered = loop.poll(LIMIT, timeoutNs);
        loop.flush();
        return delivered;
    }

    void until(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + DEADLINE_NS;
        while (!condition.getAsBoolean()) {
            turn(1_000_000);
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("waited in vain: " + counters.read());
            }
        }
    }

    long count(String counter) {
        return counters.counter("io_uring." + counter).get();
    }

    long open(int ignored) {
        int slot = freeSlots.isEmpty() ? slots++ : freeSlots.pop();
        long id = (long) ++generations[slot] << 32 | slot;
        opened.add(id);
        open++;
        return id;
    }

    long lastOpened() {
        return opened.getLast();
    }

    @Override
    public TransportEvents events() {
        return this;
    }

    @Override
    public BufferPool buffers() {
        return buffers;
    }

    @Override
    public int maxConnections() {
        return MOST_CONNECTIONS;
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public TransportSettings settings() {
        return settings;
    }

    @Override
    public long onAccept(int listener) {
        accepts++;
        return open(listener);
    }

    @Override
    public void onConnect(long id, int status) {
        throw new AssertionError("nobody connects");
    }

    @Override
    public void onReceive(long id, Buffer buffer, int offset, int length) {
        receivedBytes += length;
        if (keep) {
            kept.add(buffer.retain());
        }
        if (echo) {
            sends++;
            if (loop.send(id, buffer.retain(), offset, length) != Status.OK) {
                throw new AssertionError("send refused");
            }
        }
    }

    @Override
    public void onEndOfInput(long id) {
        ends++;
    }

    @Override
    public void onSent(long id, Buffer buffer, int length, int status) {
        sent++;
        if (status != Status.OK) {
            failedSends++;
        }
        buffer.release();
    }

    @Override
    public void onUnsent(long id, Buffer buffer, int offset, int length) {
        throw new AssertionError("nobody detaches");
    }

    @Override
    public void onClosed(long id, int reason) {
        lastReason = reason;
        over(id);
    }

    @Override
    public void onDetached(long id, long handle) {
        throw new AssertionError("nobody detaches");
    }

    private void over(long id) {
        open--;
        freeSlots.push((int) id);
    }

    @Override
    public void close() {
        loop.close();
    }
}
