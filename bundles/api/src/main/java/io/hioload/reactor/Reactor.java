package io.hioload.reactor;

import io.hioload.buffer.BufferPool;
import io.hioload.concurrent.Scheduler;
import io.hioload.control.Counters;
import io.hioload.control.DebugProbe;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One event loop: one thread that owns its connections, timers and buffers. As an {@link Executor} it runs tasks on that
 * thread in the order of their arrival (bounded: a full queue rejects), as a {@link Scheduler} it runs them there later.
 * Any thread may call {@link #execute}, {@link #schedule}, {@link #inEventLoop}, {@link #index} and the probe; the rest
 * is for the reactor's own thread.
 */
@ProviderType
public interface Reactor extends Executor, Scheduler, DebugProbe {

    /**
     * Its place in the group.
     *
     * @return from 0
     */
    int index();

    /**
     * Whether the caller is on this reactor's thread.
     *
     * @return true on the reactor's thread
     */
    boolean inEventLoop();

    /**
     * The reactor's own memory.
     *
     * @return the pool confined to its thread
     */
    BufferPool buffers();

    /**
     * Its counters.
     *
     * @return written by its thread only
     */
    Counters counters();

    /**
     * The clock, read once a turn.
     *
     * @return {@link System#nanoTime} as of the beginning of this turn
     */
    long nowNs();

    /**
     * Opens a connection from this reactor. The handler is told by {@link ConnectionHandler#onOpen} or
     * {@link ConnectionHandler#onConnectFailed}.
     *
     * @param remote  address
     * @param handler of the new connection
     * @throws java.util.concurrent.RejectedExecutionException if the reactor has stopped and only tells its handlers so
     */
    void connect(SocketAddress remote, ConnectionHandler handler);

    /**
     * Visits the open connections of this reactor, in no order. Closing the visited one is allowed.
     *
     * @param visitor is given each connection
     */
    void forEachConnection(Consumer<Connection> visitor);
}
