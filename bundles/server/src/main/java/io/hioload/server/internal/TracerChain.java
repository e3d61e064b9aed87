package io.hioload.server.internal;

import io.hioload.control.Tracer;
import java.lang.System.Logger;
import java.util.List;

/**
 * Tells every tracer. Reactor threads call it; {@link #set} is for any thread and takes effect with the next event. A
 * tracer that throws is logged and keeps nobody else from hearing.
 */
public final class TracerChain implements Tracer {

    private static final Logger LOG = System.getLogger(TracerChain.class.getName());

    private volatile Tracer[] tracers = {};

    /** Makes a chain of none. */
    public TracerChain() {
    }

    /**
     * Replaces the tracers.
     *
     * @param all from now on
     */
    public void set(List<Tracer> all) {
        tracers = all.toArray(Tracer[]::new);
    }

    @Override
    public void sessionOpened(long id, String path, String remote) {
        for (Tracer tracer : tracers) {
            try {
                tracer.sessionOpened(id, path, remote);
            } catch (RuntimeException e) {
                failed(tracer, e);
            }
        }
    }

    @Override
    public void sessionClosed(long id, int code, String reason) {
        for (Tracer tracer : tracers) {
            try {
                tracer.sessionClosed(id, code, reason);
            } catch (RuntimeException e) {
                failed(tracer, e);
            }
        }
    }

    @Override
    public void requestRefused(long id, int status, String reason) {
        for (Tracer tracer : tracers) {
            try {
                tracer.requestRefused(id, status, reason);
            } catch (RuntimeException e) {
                failed(tracer, e);
            }
        }
    }

    @Override
    public void handlerFailed(long id, Throwable failure) {
        for (Tracer tracer : tracers) {
            try {
                tracer.handlerFailed(id, failure);
            } catch (RuntimeException e) {
                failed(tracer, e);
            }
        }
    }

    private static void failed(Tracer tracer, RuntimeException e) {
        LOG.log(Logger.Level.WARNING, "tracer " + tracer.getClass().getName() + " failed", e);
    }
}
