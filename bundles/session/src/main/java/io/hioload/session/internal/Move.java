package io.hioload.session.internal;

import io.hioload.reactor.Connection;
import io.hioload.reactor.Reactor;
import io.hioload.session.AgreedExtension;
import java.util.List;

/**
 * A session's way from one reactor to another, with all that belongs to it: subscriptions, extension, unfinished message. It goes
 * when all that other threads gave it has arrived, and what they give from then on is kept in its {@link Transit}.
 */
final class Move {

    private Move() {
    }

    /** Leaves, if it may. The thread of the reactor that has the session. */
    static boolean leave(WebSocketSession session, Reactor to) {
        EngineState there = session.engine().of(to);
        AgreedExtension agreed = session.agreed();
        if (there == null || (session.flags & (SessionFlags.NOT_OPEN | SessionFlags.STREAMING)) != 0
                || agreed != null && !there.hasExtension(agreed)) {
            return false;
        }
        if ((session.flags & SessionFlags.IN_TRANSIT) == 0) {
            Transit.begin(session);
            session.mark(SessionFlags.IN_TRANSIT);
        }
        Subscriber subscriber = Subscriber.of(session);
        if (subscriber != null && !subscriber.mayMove() || !Transit.of(session).holdsAll(session)) {
            return false;
        }
        if (subscriber != null) {
            subscriber.depart();
        }
        if (agreed != null) {
            agreed.leave();
        }
        session.engine().leaves(session);
        return true;
    }

    /** Arrives, or stays where it is after all. The thread of the reactor that has the connection now. */
    static void arrive(WebSocketSession session, Connection here) {
        if ((session.flags & SessionFlags.IN_TRANSIT) == 0) {
            return;
        }
        EngineState now = session.engine().of(here.reactor());
        AgreedExtension agreed = session.agreed();
        boolean extensionStays = true;
        if (now != session.engine() || session.engine().hasLeft(session)) {
            now.comes(session);
            session.engine = now;
            extensionStays = agreed == null || now.extensions().take(agreed);
        }
        if (session.partial() != null) {
            session.engine().takeOver(session.partial());
        }
        Subscriber subscriber = Subscriber.of(session);
        if (subscriber != null) {
            subscriber.moved(session.engine().topics());
        }
        List<Runnable> given = Transit.end(session);
        session.unmark(SessionFlags.IN_TRANSIT);
        Timeouts.rearm(session);
        if (!extensionStays) {
            session.extensionGone();
        }
        for (Runnable task : given) {
            try {
                task.run();
            } catch (Throwable e) {
                session.engine().handlerFailed(session.handler(), session.id(), e);
            }
        }
    }
}
