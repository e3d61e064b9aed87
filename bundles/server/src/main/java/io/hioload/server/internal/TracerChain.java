package io.hioload.server.internal;

import io.hioload.control.LogLimit;
import io.hioload.control.Tracer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells every tracer. Reactor threads call it; {@link #set} is for any thread and takes effect with the next event. A
 * tracer that throws is logged, ever more rarely, and keeps nobody else from hearing.
 */
public final class TracerChain implements Tracer {

    private final LogLimit failures = new LogLimit(System.getLogger(TracerChain.class.getName()));

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
    public boolean wantsSessionOpened() {
        for (Tracer tracer : tracers) {
            try {
                if (tracer.wantsSessionOpened()) {
                    return true;
                }
            } catch (RuntimeException | LinkageError e) {
                failures.failed(tracer, "a tracer", e);
            }
        }
        return false;
    }

    @Override
    public void sessionOpened(long id, String path, String remote) {
        tell(tracer -> tracer.sessionOpened(id, path, remote));
    }

    @Override
    public void sessionClosed(long id, int code, String reason) {
        tell(tracer -> tracer.sessionClosed(id, code, reason));
    }

    @Override
    public void requestRefused(long id, int status, String reason) {
        tell(tracer -> tracer.requestRefused(id, status, reason));
    }

    @Override
    public void handlerFailed(long id, Throwable failure) {
        tell(tracer -> tracer.handlerFailed(id, failure));
    }

    /** A bundle that is being removed makes LinkageErrors. */
    private void tell(Consumer<Tracer> event) {
        for (Tracer tracer : tracers) {
            try {
                event.accept(tracer);
            } catch (RuntimeException | LinkageError e) {
                failures.failed(tracer, "a tracer", e);
            }
        }
    }
}
