package io.hioload.websocket;

import org.agrona.DirectBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Messages to all sessions of a server that subscribed to a topic ({@link Session#subscribe}). One for each server. Any thread.
 *
 * <p>A topic is a path of levels such as {@code rooms/42/said}. A filter is a topic in which {@code +} stands for any one
 * level, and a last {@code #} for the level before it and any number behind: {@code rooms/+/said}, {@code rooms/#}. A wildcard
 * in the first level does not match topics that begin with {@code $}. Levels may be empty; they are compared as they are. (The
 * rules of MQTT 3.1.1, section 4.7.)
 *
 * <p>All subscribers of a server get all publications in the same order, those of one thread in the order of its calls. A
 * session that subscribed to a topic by several filters gets each publication once. A subscriber that reads too slowly misses
 * publications, as it would a {@link Session#send}: counted, and told by {@link Session#missed()}.
 *
 * <p>Cost: one frame is encoded for all, into a pool buffer that the connections share; each reactor gets one task. Nothing is
 * allocated for a subscriber.
 */
@ProviderType
public interface Topics {

    /** The most chars of a topic or filter. */
    int MAX_LENGTH = 1024;

    /** The most levels of a topic or filter. */
    int MAX_LEVELS = 32;

    /**
     * Sends a message to the subscribers of a topic.
     *
     * @param topic  without wildcards
     * @param type   text must be UTF-8 (not checked)
     * @param buffer holds the payload, which is the caller's again when this returns
     * @param offset first byte
     * @param length from 0
     * @return ACCEPTED, also when nobody listens; DROPPED if memory is gone, or the queue of a reactor is full, whose
     *         subscribers then miss it; CLOSED when the server is
     * @throws IllegalArgumentException if the topic is empty, too long or deep, or has a wildcard or NUL
     */
    SendStatus publish(String topic, MessageType type, DirectBuffer buffer, int offset, int length);

    /**
     * The same with text.
     *
     * @param topic without wildcards
     * @param text  encoded as UTF-8; an unpaired surrogate becomes '?'
     * @return as above
     * @throws IllegalArgumentException as above
     */
    SendStatus publishText(String topic, CharSequence text);

    /**
     * Sends a message to the subscribers of a topic and keeps it as the topic's last value: who subscribes later is sent it at
     * once. It holds its pool buffer until another value takes its place or {@link #forget} is called.
     *
     * @param topic  without wildcards
     * @param type   text must be UTF-8 (not checked)
     * @param buffer holds the payload
     * @param offset first byte
     * @param length from 0
     * @return as above; DROPPED as well if as many topics as allowed have a last value, and then nothing is sent
     * @throws IllegalArgumentException as above
     */
    SendStatus retain(String topic, MessageType type, DirectBuffer buffer, int offset, int length);

    /**
     * Takes a topic's last value away. Nothing is sent.
     *
     * @param topic without wildcards
     * @return whether there was one
     * @throws IllegalArgumentException as above
     */
    boolean forget(String topic);
}
