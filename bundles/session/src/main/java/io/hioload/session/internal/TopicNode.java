package io.hioload.session.internal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A tree of filters, one level of the filters for each level of the tree: finding those that match a topic costs one hash
 * look-up for each level, and as much again where wildcards branch off. The thread of one reactor; allocates only when filters
 * come. A node without subscriptions and without nodes below goes with its last one.
 */
final class TopicNode {

    private static final int FIRST_ROOM = 4;
    private static final Subscription[] NONE = {};

    private final TopicNode parent;
    private final String level;
    private Map<String, TopicNode> below;
    private TopicNode one;
    private TopicNode all;
    private Subscription[] subscriptions = NONE;
    private int size;

    TopicNode(TopicNode parent, String level) {
        this.parent = parent;
        this.level = level;
    }

    /** Lists a subscription; to the root. */
    void add(Subscription subscription) {
        TopicNode node = this;
        for (String next : subscription.levels) {
            node = node.grow(next);
        }
        node.append(subscription);
    }

    private TopicNode grow(String next) {
        if (next.equals(TopicName.ONE_LEVEL)) {
            if (one == null) {
                one = new TopicNode(this, next);
            }
            return one;
        }
        if (next.equals(TopicName.ALL_LEVELS)) {
            if (all == null) {
                all = new TopicNode(this, next);
            }
            return all;
        }
        if (below == null) {
            below = new HashMap<>();
        }
        return below.computeIfAbsent(next, key -> new TopicNode(this, key));
    }

    private void append(Subscription subscription) {
        if (size == subscriptions.length) {
            subscriptions = Arrays.copyOf(subscriptions, Math.max(FIRST_ROOM, size * 2));
        }
        subscriptions[size] = subscription;
        subscription.node = this;
        subscription.index = size++;
    }

    /** Takes a subscription off the list that it is in. The last one of the list takes its place. */
    static void remove(Subscription subscription) {
        TopicNode node = subscription.node;
        Subscription last = node.subscriptions[--node.size];
        node.subscriptions[subscription.index] = last;
        node.subscriptions[node.size] = null;
        last.index = subscription.index;
        subscription.node = null;
        if (node.size < node.subscriptions.length >> 2) {
            node.subscriptions = node.size == 0 ? NONE : Arrays.copyOf(node.subscriptions, node.subscriptions.length >> 1);
        }
        node.prune();
    }

    private void prune() {
        TopicNode node = this;
        while (node.parent != null && node.isBare()) {
            TopicNode above = node.parent;
            if (above.one == node) {
                above.one = null;
            } else if (above.all == node) {
                above.all = null;
            } else {
                above.below.remove(node.level);
            }
            node = above;
        }
    }

    private boolean isBare() {
        return size == 0 && one == null && all == null && (below == null || below.isEmpty());
    }

    /** Gives a publication to all subscriptions that match it; to the root. */
    void deliver(Publication publication) {
        walk(publication, 0);
    }

    private void walk(Publication publication, int depth) {
        String[] topic = publication.levels;
        boolean wildAllowed = depth > 0 || TopicName.isOpen(topic[0]);
        if (all != null && wildAllowed) {
            all.deliverHere(publication);
        }
        if (depth == topic.length) {
            deliverHere(publication);
            return;
        }
        if (one != null && wildAllowed) {
            one.walk(publication, depth + 1);
        }
        TopicNode exact = below == null ? null : below.get(topic[depth]);
        if (exact != null) {
            exact.walk(publication, depth + 1);
        }
    }

    private void deliverHere(Publication publication) {
        // From the end: if a subscription should go meanwhile, only one that had its turn takes its place.
        for (int i = size - 1; i >= 0; i--) {
            subscriptions[i].subscriber.deliver(publication);
        }
    }
}
