package io.hioload.session.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What other threads give a session while it moves from one reactor to another: kept in the order in which it came until the
 * session is there, behind what was under way before. Any thread; guarded by itself.
 *
 * <p>No session has a field for it: moves are rare, sessions are many.
 */
final class Transit {

    private static final ConcurrentHashMap<WebSocketSession, Transit> ALL = new ConcurrentHashMap<>();

    private final List<Runnable> tasks = new ArrayList<>();
    private boolean over;

    static void begin(WebSocketSession session) {
        ALL.put(session, new Transit());
    }

    /** Null if it is just over. */
    static Transit of(WebSocketSession session) {
        return ALL.get(session);
    }

    /** False when it is over, and then the session is on its reactor. */
    synchronized boolean add(Runnable task) {
        return !over && tasks.add(task);
    }

    /** Whether nothing that was given to the session is anywhere else. */
    synchronized boolean holdsAll(WebSocketSession session) {
        return tasks.size() == session.pendingCount();
    }

    /** The session's reactor, at the end: what is to be run there, in this order. */
    static List<Runnable> end(WebSocketSession session) {
        Transit transit = ALL.remove(session);
        synchronized (transit) {
            transit.over = true;
            return transit.tasks;
        }
    }
}
