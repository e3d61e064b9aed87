package io.hioload.reactor.internal;

import io.hioload.concurrent.Cancelable;
import io.hioload.transport.CloseMode;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connection that is being opened, for who may give it up. Any thread. Keeps the connection, so that it is to be dropped
 * when the attempt is over.
 */
final class ConnectAttempt implements Cancelable, Runnable {

    private final EventLoop loop;
    private final ReactorConnection connection;
    private final AtomicBoolean given = new AtomicBoolean();

    ConnectAttempt(EventLoop loop, ReactorConnection connection) {
        this.loop = loop;
        this.connection = connection;
    }

    @Override
    public boolean cancel() {
        if (!connection.isConnecting() || !given.compareAndSet(false, true)) {
            return false;
        }
        if (loop.inEventLoop()) {
            run();
        } else {
            Question.ask(loop, null, () -> {
                run();
                return null;
            });
        }
        return true;
    }

    /** On the reactor: resets what is still connecting. */
    @Override
    public void run() {
        if (connection.isConnecting()) {
            connection.close(CloseMode.ABORT);
        }
    }
}
