package io.hioload.session.internal;

import java.util.concurrent.RejectedExecutionException;

/**
 * Brings what other threads give a session to its reactor, in the order in which each of them gave it, also while the session
 * moves. Any thread, except where a method says less. Holds nothing: what is under way is counted in the session's flags.
 */
final class ReactorTasks {

    /** Something else than a message that another thread gave. */
    private record Task(WebSocketSession session, Runnable task) implements Runnable {
        @Override
        public void run() {
            session.unreserve(0);
            task.run();
        }
    }

    private ReactorTasks() {
    }

    /**
     * Gives something that was counted as pending to the session's reactor, behind what the same thread gave before.
     *
     * @throws RejectedExecutionException if its queue is full, or it has stopped
     */
    static void toReactor(WebSocketSession session, Runnable task) {
        // The count is up before this look, and a move looks at the count after it has set the flag: one of them sees the other.
        while ((session.flags & SessionFlags.IN_TRANSIT) != 0) {
            Transit transit = Transit.of(session);
            if (transit != null && transit.add(task)) {
                return;
            }
            Thread.onSpinWait();
        }
        session.engine().reactor.execute(task);
    }

    /** Counts a task and gives it to the session's reactor. */
    static void execute(WebSocketSession session, Runnable task) {
        session.reserveTask();
        try {
            toReactor(session, new Task(session, task));
        } catch (RejectedExecutionException e) {
            session.unreserve(0);
            throw e;
        }
    }

    /** Gives a task to the session's reactor; false if its queue is full. */
    static boolean given(WebSocketSession session, Runnable task) {
        try {
            execute(session, task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs a task at once if this thread is the session's, else there. */
    static void runThere(WebSocketSession session, Runnable task) {
        if (session.isHere()) {
            task.run();
        } else {
            execute(session, task);
        }
    }

    /** Sends what another thread encoded; takes over the frames. Reactor thread. */
    static void receive(WebSocketSession session, int bytes, FrameChain frames, int opcode, boolean congested) {
        if ((session.flags & (SessionFlags.STREAMING | SessionFlags.NOT_SENDING)) == SessionFlags.STREAMING) {
            PieceSender.hold(session, () -> receive(session, bytes, frames, opcode, congested));
            return;
        }
        session.unreserve(bytes);
        EngineState engine = session.engine();
        if ((session.flags & SessionFlags.NOT_SENDING) != 0) {
            engine.sendLost.increment();
            frames.release();
            return;
        }
        if (opcode == RemoteSender.ENCODED) {
            engine.local.sendEncoded(session, frames);
        } else {
            engine.extended.sendHandedOver(session, opcode, frames);
        }
        if (congested) {
            session.oweWritable();
        }
        if (session.isWritableOwed()) {
            Writability.tellIfIdle(session);
        }
    }
}
