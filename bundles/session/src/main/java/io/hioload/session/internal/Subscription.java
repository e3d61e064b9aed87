package io.hioload.session.internal;

/** One filter of one subscriber, and its place among the subscribers of the same filter. The reactor's thread only. */
final class Subscription {

    final Subscriber subscriber;
    final String filter;
    final String[] levels;
    /** Where it is listed, and where in that list; null while its session is between two reactors. */
    TopicNode node;
    int index;

    Subscription(Subscriber subscriber, String filter, String[] levels) {
        this.subscriber = subscriber;
        this.filter = filter;
        this.levels = levels;
    }
}
