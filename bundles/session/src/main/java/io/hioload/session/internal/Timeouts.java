package io.hioload.session.internal;

import io.hioload.protocol.Opcode;
import io.hioload.reactor.Connection;
import io.hioload.session.SessionSettings;
import io.hioload.websocket.CloseCode;

/**
 * What sessions do when nothing comes: ping the peer, close when it is idle or does not complete a message in time. One timeout
 * of the connection serves all of it. The thread of the session's reactor; holds nothing, the ticks are the session's.
 */
final class Timeouts {

    private Timeouts() {
    }

    /** Sets the timeout anew, unless it is a closing session's. */
    static void rearm(WebSocketSession session) {
        if ((session.flags & SessionFlags.NOT_SENDING) == 0) {
            EngineState engine = session.engine();
            session.connection().timeout(nextDeadlineNs(session, engine.settings(), engine.sinceNs(session.receivedTick)));
        }
    }

    /** From now to when the session is idle, due for the next ping, or its message overdue, whichever is first; -1 for never. */
    private static long nextDeadlineNs(WebSocketSession session, SessionSettings settings, long quietNs) {
        long idleNs = settings.idleTimeoutNs();
        long pingNs = settings.pingIntervalNs();
        long untilIdleNs = idleNs == 0 ? Long.MAX_VALUE : Math.max(0, idleNs - quietNs);
        long untilPingNs = pingNs == 0 ? Long.MAX_VALUE : pingNs - quietNs % pingNs;
        long messageNs = settings.messageTimeoutNs();
        long untilOverdueNs = messageNs == 0 || session.partial() == null ? Long.MAX_VALUE
                : Math.max(0, messageNs - session.engine().sinceNs(session.partialTick));
        long untilNs = Math.min(Math.min(untilIdleNs, untilPingNs), untilOverdueNs);
        return untilNs == Long.MAX_VALUE ? -1 : untilNs;
    }

    static void onTimeout(WebSocketSession session) {
        if ((session.flags & (SessionFlags.ENDED | SessionFlags.CLOSE_SENT)) != 0) {
            ClosingHandshake.timedOut(session);
        } else {
            lookAfterQuiet(session);
        }
    }

    private static void lookAfterQuiet(WebSocketSession session) {
        EngineState engine = session.engine();
        SessionSettings settings = engine.settings();
        if ((session.flags & SessionFlags.PAUSED) != 0) {
            forgetQuiet(session);
        }
        long quietNs = engine.sinceNs(session.receivedTick);
        if (settings.idleTimeoutNs() != 0 && quietNs >= settings.idleTimeoutNs()) {
            engine.idleTimeouts.increment();
            ClosingHandshake.begin(session, CloseCode.GOING_AWAY, "idle timeout");
            return;
        }
        if (settings.messageTimeoutNs() != 0 && session.partial() != null
                && engine.sinceNs(session.partialTick) >= settings.messageTimeoutNs()) {
            engine.messageTimeouts.increment();
            ClosingHandshake.begin(session, CloseCode.POLICY_VIOLATION, "message not completed in time");
            return;
        }
        Connection connection = session.connection();
        // Bytes that wait to be sent find out about a dead peer as well as a ping behind them.
        if (settings.pingIntervalNs() != 0 && quietNs >= settings.pingIntervalNs() && connection.isWritable()) {
            engine.local.control(session, Opcode.PING, engine.control, 0, 0);
        }
        rearm(session);
    }

    /** The time in which nothing could come was no silence of the peer's. */
    static void forgetQuiet(WebSocketSession session) {
        session.receivedTick = session.engine().ticks();
        session.partialTick = session.receivedTick;
    }
}
