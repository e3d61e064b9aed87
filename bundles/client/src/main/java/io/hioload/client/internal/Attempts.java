package io.hioload.client.internal;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connects of a client that are under way, so that closing it leaves nobody waiting and waits for none of them. Any
 * thread.
 */
public final class Attempts {

    private final Set<ClientConnection> awaited = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connecting = new AtomicInteger();

    /** Makes an empty set. */
    public Attempts() {
    }

    /**
     * Adds one until its result is there.
     *
     * @param attempt not begun yet
     */
    public void add(ClientConnection attempt) {
        awaited.add(attempt);
        attempt.result().whenComplete((session, failure) -> awaited.remove(attempt));
    }

    /**
     * Fails all that somebody waits for. Those whose connection is not open yet are reset when it is.
     *
     * @param why for their callers
     */
    public void giveUp(String why) {
        awaited.forEach(attempt -> attempt.result().completeExceptionally(new IOException(why)));
    }

    /** The system was asked to connect. */
    void began() {
        connecting.incrementAndGet();
    }

    /** The system has connected, or failed. */
    void ended() {
        connecting.decrementAndGet();
    }

    /**
     * Connections that the system tries to open. It may do so for minutes, also when nobody waits for them any more.
     *
     * @return how many
     */
    public int connecting() {
        return connecting.get();
    }
}
