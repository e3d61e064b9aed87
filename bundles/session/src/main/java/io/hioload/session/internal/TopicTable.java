package io.hioload.session.internal;

import io.hioload.control.Counter;
import io.hioload.reactor.Reactor;
import java.util.HashMap;
import java.util.Map;

/**
 * The subscribers on one reactor, and its view of the last values: as of the publication that it is at, so that a new subscriber
 * gets the value first and then what follows it. The reactor's thread, except where a method says more. Owns a reference of
 * each last value.
 */
final class TopicTable {

    final TopicHub hub;
    final Reactor reactor;
    /** Publications that a subscriber here missed. */
    final Counter dropped;
    /** What extensions make of the publication that is being delivered. */
    final EncodedCopies copies = new EncodedCopies();
    /** Publications that were given to the reactor; under the hub's lock. */
    long given;
    private long done;
    private final TopicNode root = new TopicNode(null, "");
    private final Map<String, Publication> kept = new HashMap<>();
    private long last;
    /** Last values that changed up to this one are those of the hub. */
    private long keptAsOf;
    private volatile int subscriptions;
    /** A last value did not get here, because the queue was full. */
    private volatile boolean stale;

    /** Under the hub's lock. */
    TopicTable(TopicHub hub, Reactor reactor, long number) {
        this.hub = hub;
        this.reactor = reactor;
        this.dropped = reactor.counters().counter("topics.dropped");
        this.last = number;
        hub.copyKept(kept);
        this.keptAsOf = number;
    }

    /** Any thread: whether a publication has anything to do here. */
    boolean wants(Publication publication) {
        return publication.kept || subscriptions > 0;
    }

    /** Any thread: filters of the sessions here. */
    int subscriptions() {
        return subscriptions;
    }

    /** Any thread: what the table holds as last values is not all there is. */
    void stale() {
        stale = true;
    }

    /** The number of the last publication that was delivered here. */
    long last() {
        return last;
    }

    /** Whether all that was given has been delivered. Under the hub's lock. */
    boolean isUpToDate() {
        return given == done;
    }

    void deliver(Publication publication) {
        done++;
        last = publication.number;
        try {
            if (publication.kept) {
                keep(publication);
            }
            if (!publication.isForgetting() && subscriptions > 0) {
                root.deliver(publication);
            }
        } finally {
            copies.forget();
            publication.release();
        }
    }

    private void keep(Publication publication) {
        if (publication.number <= keptAsOf) {
            return;
        }
        Publication before = publication.isForgetting() ? kept.remove(publication.topic) : kept.put(publication.topic, publication);
        if (!publication.isForgetting()) {
            publication.retain();
        }
        if (before != null) {
            before.release();
        }
    }

    /** Sends the last values of the topics that a new filter matches. */
    void sendKept(Subscriber subscriber, Subscription subscription) {
        if (stale) {
            stale = false;
            releaseKept();
            keptAsOf = hub.copyKept(kept);
        }
        if (subscription.filter.indexOf('+') < 0 && subscription.filter.indexOf('#') < 0) {
            Publication value = kept.get(subscription.filter);
            if (value != null) {
                subscriber.send(value, null);
            }
            return;
        }
        for (Publication value : kept.values()) {
            if (TopicName.matches(subscription.levels, value.levels)) {
                subscriber.send(value, null);
            }
        }
    }

    void add(Subscription subscription) {
        root.add(subscription);
        subscriptions = subscriptions + 1;
    }

    void remove(Subscription subscription) {
        TopicNode.remove(subscription);
        subscriptions = subscriptions - 1;
    }

    /** Gives its last values back. Also any thread when the reactor has ended. */
    void releaseKept() {
        kept.values().forEach(Publication::release);
        kept.clear();
    }
}
