package io.hioload.session;

import io.hioload.protocol.MessageCoder;
import io.hioload.protocol.MessageExtensionProvider;

/**
 * What one session and its peer have agreed on. Its reactor's thread only. Owned by who negotiated it until it is given to
 * {@link SessionEngine#open}, then by the session.
 */
public final class AgreedExtension implements AutoCloseable {

    private final MessageCoder coder;
    private final MessageExtensionProvider provider;
    private SessionExtensions.Opened of;
    private boolean closed;

    AgreedExtension(MessageCoder coder, SessionExtensions.Opened of) {
        this.coder = coder;
        this.provider = of.provider;
        enter(of);
    }

    /**
     * What the server answers to the offer.
     *
     * @return an element of {@code Sec-WebSocket-Extensions}
     */
    public String answer() {
        return coder.answer();
    }

    /**
     * The extension at work.
     *
     * @return always the same object
     */
    public MessageCoder coder() {
        return coder;
    }

    /**
     * Where it comes from.
     *
     * @return the same for all sessions that use this extension, on all reactors
     */
    public MessageExtensionProvider provider() {
        return provider;
    }

    private void enter(SessionExtensions.Opened opened) {
        of = opened;
        of.sessions++;
    }

    /**
     * Whether it is on a reactor, and not on its way to another.
     *
     * @return false between {@link #leave()} and the arrival
     */
    public boolean isHere() {
        return of != null;
    }

    /** The session leaves for another reactor. On the thread of the old one, last there. */
    public void leave() {
        coder.leave();
        SessionExtensions.Opened old = of;
        of = null;
        old.left();
    }

    /** On the thread of the new one, first there. */
    void enterAnother(SessionExtensions.Opened opened) {
        coder.enter(opened.extension);
        enter(opened);
    }

    /** Gives its memory back between two reactors. */
    void closeOnTheWay() {
        closed = true;
        coder.close();
    }

    /** Gives its memory back. Closing again does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            coder.close();
            of.left();
        }
    }
}
