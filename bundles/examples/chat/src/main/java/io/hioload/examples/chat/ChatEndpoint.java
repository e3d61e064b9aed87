package io.hioload.examples.chat;

import io.hioload.control.DebugProbe;
import io.hioload.websocket.CloseCode;
import io.hioload.websocket.Context;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.Session;
import io.hioload.websocket.Utf8;
import io.hioload.websocket.WebSocketEndpoint;
import io.hioload.websocket.WebSocketHandler;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.osgi.service.component.annotations.Component;

/**
 * Chat rooms at {@code /chat/{room}}. Whoever connects names himself by {@code ?nick=} or by the first message; every later
 * message goes to all in the room. Lines from here to the members are one keyword and what belongs to it:
 * {@code who}, {@code welcome nick count}, {@code join nick count}, {@code leave nick count}, {@code say nick text} and
 * {@code missed count}.
 *
 * <p>Threads: called on the reactor threads of all sessions; {@link Rooms} is what they share.
 *
 * <p>Cost: a message is written once, behind its sender's nick, and given to each member's session; a relayed message
 * allocates nothing here.
 */
@Component(service = {WebSocketHandler.class, DebugProbe.class})
@WebSocketEndpoint(path = "/chat/{room}")
public final class ChatEndpoint implements WebSocketHandler, DebugProbe {

    /** The longest message that is relayed; a longer one closes its session with 1009. */
    static final int MAX_TEXT_BYTES = 4_096;

    /** The longest name of a room, in characters; a longer one closes its session with 1008. */
    static final int MAX_ROOM_NAME = 64;

    private static final Context.Key<Member> MEMBER = new Context.Key<>("chat member");

    private final Rooms rooms = new Rooms();

    /** Made by Declarative Services. */
    public ChatEndpoint() {
    }

    @Override
    public void onOpen(Session session) {
        if (session.parameter("room").length() > MAX_ROOM_NAME) {
            session.close(CloseCode.POLICY_VIOLATION, "a room's name has at most " + MAX_ROOM_NAME + " characters");
            return;
        }
        String nick = Nick.ofQuery(session.request().query());
        if (nick == null) {
            session.sendText("who");
        } else {
            join(session, nick);
        }
    }

    @Override
    public void onMessage(Session session, MessageType type, DirectBuffer buffer, int offset, int length) {
        Member member = session.context().get(MEMBER);
        if (type != MessageType.TEXT) {
            session.close(CloseCode.UNSUPPORTED_DATA, "text only");
        } else if (length > MAX_TEXT_BYTES) {
            session.close(CloseCode.TOO_BIG, "a message has at most " + MAX_TEXT_BYTES + " bytes");
        } else if (member != null) {
            DirectBuffer line = member.say(buffer, offset, length);
            rooms.broadcast(member.room(), line, member.lineLength(length));
        } else if (session.isOpen()) {
            join(session, Nick.of(Utf8.toString(buffer, offset, length)));
        }
    }

    @Override
    public void onWritable(Session session) {
        Member member = session.context().get(MEMBER);
        if (member != null) {
            member.tellMissed();
        }
    }

    @Override
    public void onClose(Session session, int code, String reason) {
        Member member = session.context().put(MEMBER, null);
        if (member != null && rooms.leave(member)) {
            announce("leave", member);
        }
    }

    @Override
    public String probeName() {
        return "chat";
    }

    @Override
    public Map<String, Object> probe() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("rooms", rooms.rooms());
        state.put("members", rooms.members());
        state.put("lines", rooms.messages());
        state.put("dropped", rooms.dropped());
        return state;
    }

    private void join(Session session, String nick) {
        Member member = new Member(session, session.parameter("room"), nick);
        if (!rooms.join(member)) {
            session.close(CloseCode.TRY_AGAIN_LATER, "the room is full");
            return;
        }
        session.context().put(MEMBER, member);
        session.sendText("welcome " + member.nick() + " " + rooms.size(member.room()));
        announce("join", member);
    }

    private void announce(String what, Member member) {
        ExpandableArrayBuffer line = new ExpandableArrayBuffer();
        int length = line.putStringWithoutLengthUtf8(0, what + " " + member.nick() + " " + rooms.size(member.room()));
        rooms.broadcast(member.room(), line, length);
    }
}
