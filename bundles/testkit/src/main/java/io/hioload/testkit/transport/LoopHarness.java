package io.hioload.testkit.transport;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.control.Counters;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import io.hioload.transport.Capability;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.Status;
import io.hioload.transport.TransportEvents;
import io.hioload.transport.TransportLoop;
import io.hioload.transport.TransportProvider;
import io.hioload.transport.TransportSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * One transport loop on a thread of its own, with commands in and events recorded. It checks what is true of every
 * event: right thread, known id, order, exactly once; breaches are collected and fail the test at {@link #close}.
 *
 * <p>Tests call {@link #call}, {@link #await} and {@link #close} from their own thread; everything else is for the
 * loop's thread. It owns the loop and its buffer pool.
 */
final class LoopHarness implements TransportEvents, AutoCloseable {

    static final long DEADLINE_SECONDS = 20;
    static final int LIMIT = 64;

    private final TransportProvider provider;
    private final int maxConnections;
    private final CheckedBufferPoolManager memory = new CheckedBufferPoolManager();
    private final Thread thread;
    private final ConcurrentLinkedQueue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final Object turn = new Object();

    private final LinkTable links = new LinkTable();
    private final List<Throwable> breaches = new ArrayList<>();

    private BufferPool buffers;
    private volatile TransportLoop loop;
    private volatile boolean stopping;
    private boolean ended;

    Reaction acceptReaction = Reaction.ECHO;
    int refusal;
    int refusals;

    LoopHarness(TransportProvider provider) {
        this(provider, 20_000);
    }

    LoopHarness(TransportProvider provider, int maxConnections) {
        this.provider = provider;
        this.maxConnections = maxConnections;
        CompletableFuture<Void> opened = new CompletableFuture<>();
        thread = new Thread(() -> run(opened), "loop-" + provider.name());
        thread.setDaemon(true);
        thread.start();
        result(opened);
    }

    private void run(CompletableFuture<Void> opened) {
        try {
            buffers = memory.confined(0);
            loop = provider.open(new HarnessContext(this, buffers, maxConnections, new Counters(), TransportSettings.DEFAULT));
            opened.complete(null);
        } catch (Throwable t) {
            opened.completeExceptionally(t);
            return;
        }
        long timeoutNs = (provider.capabilities() & Capability.BLOCKING_POLL) != 0 ? -1 : 0;
        try {
            while (!stopping) {
                runCommands();
                if (!stopping) {
                    loop.poll(LIMIT, timeoutNs);
                    loop.flush();
                }
                endTurn();
            }
            while (loop.inFlight() > 0) {
                loop.poll(LIMIT, 1_000_000);
            }
            loop.close();
            links.live().forEach(link -> breach("no onClosed for " + Long.toHexString(link.id)));
        } catch (Throwable t) {
            breaches.add(t);
        }
        synchronized (turn) {
            ended = true;
            turn.notifyAll();
        }
    }

    private void runCommands() {
        Runnable command;
        while ((command = commands.poll()) != null) {
            command.run();
        }
    }

    private void endTurn() {
        synchronized (turn) {
            turn.notifyAll();
        }
    }

    // ---- for tests

    /** Runs on the loop's thread between two polls. */
    <T> T call(Callable<T> command) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        commands.add(() -> {
            try {
                synchronized (turn) {
                    answer.complete(command.call());
                }
            } catch (Throwable t) {
                answer.completeExceptionally(t);
            }
        });
        loop.wakeup();
        return result(answer);
    }

    /** Runs on the loop's thread between two polls. */
    void run(Runnable command) {
        call(() -> {
            command.run();
            return null;
        });
    }

    private static <T> T result(CompletableFuture<T> answer) {
        try {
            return answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("on the loop's thread: " + e.getCause(), e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the loop did not answer", e);
        }
    }

    /** Waits until something is true; it is looked at after each turn of the loop. */
    void await(String what, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        synchronized (turn) {
            while (!condition.getAsBoolean()) {
                long leftNs = deadlineNs - System.nanoTime();
                if (leftNs <= 0 || ended) {
                    AssertionError error = new AssertionError("waited in vain: " + what);
                    breaches.forEach(error::addSuppressed);
                    throw error;
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(turn, leftNs);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    /** Listens on the IPv4 loopback. */
    InetSocketAddress listen() {
        return listen(0, InetAddress.ofLiteral("127.0.0.1"), ListenOptions.DEFAULT);
    }

    InetSocketAddress listen(int listener, InetAddress address, ListenOptions options) {
        return call(() -> {
            int status = loop.listen(listener, new InetSocketAddress(address, 0), options);
            if (status != Status.OK) {
                throw new AssertionError("listen: " + Status.text(status));
            }
            return (InetSocketAddress) loop.localAddress(listener);
        });
    }

    /** Starts to connect. */
    Link connect(SocketAddress remote, Reaction reaction) {
        return call(() -> {
            Link link = open(-1, reaction);
            link.connecting = true;
            int status = loop.connect(link.id, remote);
            if (status != Status.OK) {
                throw new AssertionError("connect: " + Status.text(status));
            }
            return link;
        });
    }

    /** Waits for the connection that was accepted as the nth, from 0. */
    Link accepted(int n) {
        await("connection " + n + " accepted", () -> links.all().size() > n);
        return call(() -> links.all().get(n));
    }

    int openLinks() {
        synchronized (turn) {
            return links.live().size();
        }
    }

    List<Link> links() {
        return links.all();
    }

    TransportLoop loop() {
        return loop;
    }

    BufferPool buffers() {
        return buffers;
    }

    CheckedBufferPoolManager memory() {
        return memory;
    }

    Thread thread() {
        return thread;
    }

    /** Stops, closes the loop, and checks that nothing was done wrong and that every buffer came back. */
    @Override
    public void close() {
        stopping = true;
        loop.wakeup();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (thread.isAlive()) {
            AssertionError error = new AssertionError("the loop does not stop");
            error.setStackTrace(thread.getStackTrace());
            throw error;
        }
        if (!breaches.isEmpty()) {
            AssertionError error = new AssertionError(breaches.size() + " breaches of the contract, first: " + breaches.getFirst());
            breaches.forEach(error::addSuppressed);
            throw error;
        }
    }

    private Link open(int listener, Reaction reaction) {
        return links.add(id -> new Link(this, id, listener, reaction));
    }

    /** Takes over a connection that another harness's loop detached, and sends on what it had not sent. */
    Link adopt(Link from) {
        Link link = open(-1, from.reaction);
        return adopted(from, link, loop.adopt(link.id, from.handle));
    }

    /** With receiving off. */
    Link adoptPaused(Link from) {
        Link link = open(-1, from.reaction);
        return adopted(from, link, loop.adoptPaused(link.id, from.handle));
    }

    private Link adopted(Link from, Link link, int status) {
        if (status != Status.OK) {
            throw new AssertionError("adopt: " + Status.text(status));
        }
        for (Link.Unsent unsent : from.unsent) {
            link.send(unsent.buffer(), unsent.offset(), unsent.length());
        }
        from.unsent.clear();
        link.reaction.onOpen(link);
        return link;
    }

    private void over(Link link) {
        links.over(link);
    }

    private Link known(long id, String event) {
        if (Thread.currentThread() != thread) {
            breach(event + " on " + Thread.currentThread().getName());
        }
        Link link = links.find(id);
        if (link == null) {
            breach(event + " for an id that is not open: " + Long.toHexString(id));
        }
        return link;
    }

    private void breach(String text) {
        breaches.add(new AssertionError(text));
    }

    // ---- TransportEvents

    @Override
    public long onAccept(int listener) {
        synchronized (turn) {
            if (refusal < 0) {
                refusals++;
                return refusal;
            }
            Link link = open(listener, acceptReaction);
            acceptReaction.onOpen(link);
            return link.id;
        }
    }

    @Override
    public void onConnect(long id, int status) {
        synchronized (turn) {
            Link link = known(id, "onConnect");
            if (link == null) {
                return;
            }
            if (!link.connecting) {
                breach("onConnect twice");
            }
            link.connecting = false;
            link.connectStatus = status;
            if (status == Status.OK) {
                link.reaction.onOpen(link);
            } else {
                link.closed = true;
                over(link);
            }
        }
    }

    @Override
    public void onReceive(long id, Buffer buffer, int offset, int length) {
        synchronized (turn) {
            Link link = known(id, "onReceive");
            if (link == null) {
                return;
            }
            if (link.endsOfInput > 0 || link.closing || link.connecting) {
                breach("onReceive after the end of input, a close or before onConnect");
            }
            if (length < 1 || offset < 0 || offset + length > buffer.capacity() || buffer.refs() < 1) {
                breach("onReceive of " + offset + ", " + length + " in " + buffer);
            }
            link.receivedBytes += length;
            link.reaction.onReceive(link, buffer, offset, length);
        }
    }

    @Override
    public void onEndOfInput(long id) {
        synchronized (turn) {
            Link link = known(id, "onEndOfInput");
            if (link == null) {
                return;
            }
            if (++link.endsOfInput > 1 || link.closing) {
                breach("onEndOfInput twice or after a close");
            }
            link.reaction.onEndOfInput(link);
        }
    }

    @Override
    public void onSent(long id, Buffer buffer, int length, int status) {
        synchronized (turn) {
            Link link = known(id, "onSent");
            buffer.release();
            if (link != null) {
                over(link, length, status);
            }
        }
    }

    /** A send was answered with SENT. */
    void sent(Link link, Buffer buffer, int length, int refs) {
        if (buffer.refs() != refs) {
            breach("SENT, but the loop changed the references from " + refs + " to " + buffer.refs());
        }
        if (link.sends - link.sent != 1) {
            breach("SENT before what was sent earlier");
        }
        buffer.release();
        over(link, length, Status.OK);
    }

    private void over(Link link, int length, int status) {
        if (++link.sent > link.sends) {
            breach("more onSent than sends");
        }
        if (status != Status.OK) {
            link.failedSends++;
        }
        link.unsentBytes -= length;
        link.reaction.onSent(link, status);
    }

    @Override
    public void onUnsent(long id, Buffer buffer, int offset, int length) {
        synchronized (turn) {
            Link link = known(id, "onUnsent");
            if (link == null) {
                buffer.release();
                return;
            }
            link.sent++;
            link.unsent.add(new Link.Unsent(buffer, offset, length));
        }
    }

    @Override
    public void onClosed(long id, int reason) {
        synchronized (turn) {
            Link link = known(id, "onClosed");
            if (link == null) {
                return;
            }
            if (link.sent != link.sends) {
                breach("onClosed before onSent: " + link.sent + " of " + link.sends);
            }
            link.closed = true;
            link.reason = reason;
            over(link);
        }
    }

    @Override
    public void onDetached(long id, long handle) {
        synchronized (turn) {
            Link link = known(id, "onDetached");
            if (link == null) {
                return;
            }
            if (link.sent != link.sends) {
                breach("onDetached before onUnsent: " + link.sent + " of " + link.sends);
            }
            link.detached = true;
            link.handle = handle;
            over(link);
        }
    }
}
