package io.hioload.reactor;

import io.hioload.buffer.BufferPool;
import io.hioload.concurrent.Cancelable;
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
     * {@link ConnectionHandler#onConnectFailed}. Giving it up frees its place at once; the handler then hears of a failure with
     * LOCAL_CLOSE.
     *
     * @param remote  address
     * @param handler of the new connection
     * @return gives the attempt up, on any thread; a connection that is open by then stays open
     * @throws java.util.concurrent.RejectedExecutionException if the reactor has stopped and only tells its handlers so
     */
    Cancelable connect(SocketAddress remote, ConnectionHandler handler);

    /**
     * Runs a task on this thread when the events of the present turn have been delivered, before what connections have to send
     * goes out. Reactor thread only; from within such a task, the task runs at the end of the next turn, which does not wait for
     * events. Never rejected, so a caller keeps itself from asking twice for the same.
     *
     * @param task runs once
     */
    default void atTurnEnd(Runnable task) {
        execute(task);
    }

    /**
     * Visits the open connections of this reactor, in no order. Closing the visited one is allowed. Of a connection with a
     * stage ({@link StagedHandler}) it shows the one above it.
     *
     * @param visitor is given each connection
     */
    void forEachConnection(Consumer<Connection> visitor);
}
