package io.hioload.server.internal;

import io.hioload.control.Tracer;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * Writes connection events into Java Flight Recorder, one for each of {@link Tracer}'s calls. Always on: without a
 * recording an event is an object that the compiler removes, and a test of a flag. Any thread.
 */
public final class JfrTracer implements Tracer {

    /** Makes a tracer; it has no state. */
    public JfrTracer() {
    }

    @Name("hioload.SessionOpened")
    @Label("Session opened")
    @Category("hioload")
    @StackTrace(false)
    static final class SessionOpened extends Event {
        @Label("Connection")
        long connection;
        @Label("Path")
        String path;
        @Label("Remote address")
        String remote;
    }

    @Name("hioload.SessionClosed")
    @Label("Session closed")
    @Category("hioload")
    @StackTrace(false)
    static final class SessionClosed extends Event {
        @Label("Connection")
        long connection;
        @Label("Close code")
        @Description("RFC 6455, section 7.4")
        int code;
        @Label("Reason")
        String reason;
    }

    @Name("hioload.RequestRefused")
    @Label("Request refused")
    @Category("hioload")
    @StackTrace(false)
    static final class RequestRefused extends Event {
        @Label("Connection")
        long connection;
        @Label("HTTP status")
        int status;
        @Label("Reason")
        String reason;
    }

    @Name("hioload.HandlerFailed")
    @Label("Handler failed")
    @Category("hioload")
    @StackTrace(false)
    static final class HandlerFailed extends Event {
        @Label("Connection")
        long connection;
        @Label("Failure")
        String failure;
    }

    @Override
    public boolean wantsSessionOpened() {
        return new SessionOpened().isEnabled();
    }

    @Override
    public void sessionOpened(long id, String path, String remote) {
        SessionOpened event = new SessionOpened();
        if (event.shouldCommit()) {
            event.connection = id;
            event.path = path;
            event.remote = remote;
            event.commit();
        }
    }

    @Override
    public void sessionClosed(long id, int code, String reason) {
        SessionClosed event = new SessionClosed();
        if (event.shouldCommit()) {
            event.connection = id;
            event.code = code;
            event.reason = reason;
            event.commit();
        }
    }

    @Override
    public void requestRefused(long id, int status, String reason) {
        RequestRefused event = new RequestRefused();
        if (event.shouldCommit()) {
            event.connection = id;
            event.status = status;
            event.reason = reason;
            event.commit();
        }
    }

    @Override
    public void handlerFailed(long id, Throwable failure) {
        HandlerFailed event = new HandlerFailed();
        if (event.shouldCommit()) {
            event.connection = id;
            event.failure = failure.toString();
            event.commit();
        }
    }
}
