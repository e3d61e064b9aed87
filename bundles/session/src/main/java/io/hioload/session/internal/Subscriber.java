package io.hioload.session.internal;

import io.hioload.websocket.Context;
import io.hioload.websocket.SendStatus;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.Map;

/**
 * What a session that subscribes has for it, found by its context; other sessions have none. The thread of the session's
 * reactor, except {@link #missed}.
 *
 * <p>When the session moves, the hub is told first: what is published from then on is given to the session itself, behind what
 * its old reactor still has, so nothing is lost, comes twice or out of order.
 */
final class Subscriber {

    static final Context.Key<Subscriber> KEY = new Context.Key<>("subscriptions");

    /** Nothing that its reactor has is for it any more. */
    private static final long LEFT = Long.MAX_VALUE;
    private static final VarHandle MISSED;

    static {
        try {
            MISSED = MethodHandles.lookup().findVarHandle(Subscriber.class, "missed", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final WebSocketSession session;
    private final Map<String, Subscription> byFilter = new HashMap<>(4);
    private TopicTable table;
    /** The number of the last publication that it has had, or that is not for it. */
    private long last;
    private long missed;
    private boolean leaving;
    private int attempts;
    /** Up to this number nothing that was given to it in transit is delivered. */
    private long abandoned;

    Subscriber(WebSocketSession session, TopicTable table) {
        this.session = session;
        this.table = table;
        this.last = table.last();
    }

    /** The session's, or null. */
    static Subscriber of(WebSocketSession session) {
        SessionContext attributes = session.attributes();
        return attributes == null ? null : attributes.get(KEY);
    }

    /** Subscribes a session, on its reactor at once, else there in turn. */
    static boolean subscribe(WebSocketSession session, String filter) {
        TopicTable topics = session.engine().topics();
        if (topics == null) {
            throw new IllegalStateException("this side of a connection has no topics");
        }
        if (!session.isHere()) {
            TopicName.filter(filter);
            return session.isOpen() && ReactorTasks.given(session, () -> subscribe(session, filter));
        }
        if (!session.isOpen()) {
            return false;
        }
        Subscriber subscriber = of(session);
        if (subscriber == null) {
            subscriber = new Subscriber(session, topics);
            session.context().put(KEY, subscriber);
        }
        return subscriber.subscribe(filter);
    }

    /** The opposite. */
    static void unsubscribe(WebSocketSession session, String filter) {
        if (!session.isHere()) {
            ReactorTasks.given(session, () -> unsubscribe(session, filter));
            return;
        }
        Subscriber subscriber = of(session);
        if (subscriber != null) {
            subscriber.unsubscribe(filter);
        }
    }

    /** What a session missed; any thread. */
    static long missed(WebSocketSession session) {
        Subscriber subscriber = of(session);
        return subscriber == null ? 0 : subscriber.missed();
    }

    boolean subscribe(String filter) {
        if (byFilter.containsKey(filter)) {
            return true;
        }
        String[] levels = TopicName.filter(filter);
        if (byFilter.size() >= table.hub.settings().maxSubscriptions()) {
            table.hub.refusedSubscriptions.increment();
            return false;
        }
        Subscription subscription = new Subscription(this, filter, levels);
        byFilter.put(filter, subscription);
        table.add(subscription);
        table.sendKept(this, subscription);
        return true;
    }

    void unsubscribe(String filter) {
        Subscription subscription = byFilter.remove(filter);
        if (subscription != null) {
            table.remove(subscription);
        }
    }

    /** A publication that matches one of the filters. */
    void deliver(Publication publication) {
        if (publication.number > last) {
            last = publication.number;
            send(publication, table.copies);
        }
    }

    void send(Publication publication, EncodedCopies copies) {
        if (publication.send(session, copies) == SendStatus.DROPPED) {
            MISSED.setOpaque(this, missed + 1);
            table.dropped.increment();
        }
    }

    /** Any thread. */
    long missed() {
        return (long) MISSED.getOpaque(this);
    }

    /** The session is over. */
    void end() {
        table.hub.arrived(this);
        unlist();
        byFilter.clear();
    }

    // Moving to another reactor

    /** Whether the session has had all that its reactor has for it. Asked again and again, when the session is in transit. */
    boolean mayMove() {
        if (!leaving) {
            leaving = table.hub.leave(this, table);
        }
        return leaving && last == LEFT;
    }

    /** Counts the attempts at leaving, some of which come to nothing. */
    int nextAttempt() {
        return ++attempts;
    }

    /** What was published before it left has been delivered. */
    void left(int attempt) {
        if (attempt == attempts) {
            last = LEFT;
        }
    }

    /** It goes; its old reactor's last word. */
    void depart() {
        unlist();
    }

    private void unlist() {
        for (Subscription subscription : byFilter.values()) {
            if (subscription.node != null) {
                table.remove(subscription);
            }
        }
    }

    /** The session is where it stays, which may be where it was. */
    void moved(TopicTable here) {
        if (!leaving) {
            return;
        }
        unlist(); // if it stays after all
        table = here;
        for (Subscription subscription : byFilter.values()) {
            here.add(subscription);
        }
        leaving = false;
        attempts++;
        long newest = here.hub.arrived(this);
        if (last == LEFT) {
            last = newest;
        } else {
            // It stays, and its reactor has all that was given to it on the way.
            abandoned = newest;
        }
    }

    /** What was published while it was in transit, when it is no longer. */
    void deliverAfterTransit(Publication publication) {
        if (publication.number > abandoned) {
            send(publication, null);
        }
    }

    /** While it is in transit, on any thread, under the hub's lock: its filters do not change then. */
    boolean matches(Publication publication) {
        for (Subscription subscription : byFilter.values()) {
            if (TopicName.matches(subscription.levels, publication.levels)) {
                return true;
            }
        }
        return false;
    }
}
