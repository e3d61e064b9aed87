package io.hioload.examples.chat;

import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import io.hioload.websocket.Session;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * One session in one room.
 *
 * <p>Threads: {@link #deliver} is for any; everything else is for the session's own reactor, or happens while the room is
 * locked for joining.
 *
 * <p>Memory: the line buffer grows to the longest line that this member ever sent, {@link ChatEndpoint#MAX_TEXT_BYTES} and a
 * nick at most.
 */
final class Member {

    private final Session session;
    private final String room;
    private final ExpandableArrayBuffer said = new ExpandableArrayBuffer();
    private final AtomicLong missed = new AtomicLong();
    private String nick;
    private int prefixLength;
    private boolean joined;

    Member(Session session, String room, String nick) {
        this.session = session;
        this.room = room;
        this.nick = nick;
    }

    String room() {
        return room;
    }

    String nick() {
        return nick;
    }

    void rename(String other) {
        nick = other;
    }

    void joined() {
        joined = true;
    }

    boolean isJoined() {
        return joined;
    }

    /** No longer a member; tells whether it was one. */
    boolean left() {
        boolean was = joined;
        joined = false;
        return was;
    }

    /** Makes {@code say <nick> <text>} of what this member sent; the line stays valid until the next one. */
    DirectBuffer say(DirectBuffer text, int offset, int length) {
        if (prefixLength == 0) {
            prefixLength = said.putStringWithoutLengthUtf8(0, "say " + nick + " ");
        }
        said.putBytes(prefixLength, text, offset, length);
        return said;
    }

    /** The length of the line that {@link #say} makes of a text. */
    int lineLength(int textLength) {
        return prefixLength + textLength;
    }

    /** Sends a line to this member; false if it reads too slowly and misses the line. */
    boolean deliver(DirectBuffer line, int length) {
        if (session.send(MessageType.TEXT, line, 0, length) != SendStatus.DROPPED) {
            return true;
        }
        missed.incrementAndGet();
        return false;
    }

    /** Tells the member how many lines it missed, now that it reads again. */
    void tellMissed() {
        long count = missed.getAndSet(0);
        if (count != 0 && session.sendText("missed " + count) == SendStatus.DROPPED) {
            missed.addAndGet(count);
        }
    }
}
