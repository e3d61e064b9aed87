package io.hioload.session.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.buffer.Buffer;
import io.hioload.control.Tracer;
import io.hioload.http.HttpRequest;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import io.hioload.session.AgreedExtension;
import io.hioload.session.PathPattern;
import io.hioload.session.SessionEngine;
import io.hioload.session.SessionSettings;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.agrona.DirectBuffer;

/** An engine over the fakes with one connection, and a handler that writes down what it is told. */
final class Rig {

    static final long SECOND = 1_000_000_000L;
    static final SessionSettings QUIET = new SessionSettings(0, 0, 5 * SECOND, 1 << 20, false);

    /** Handlers that fail on purpose shall not fill the log. */
    private static final Logger LOG = Logger.getLogger("io.hioload.session");

    static {
        LOG.setLevel(Level.OFF);
    }

    /** Writes down calls; a test may put something in their way. */
    static final class Recorder implements WebSocketHandler {
        final List<String> calls = new ArrayList<>();
        Session session;
        Consumer<Session> onOpen = s -> {};
        Consumer<Session> onWritable = s -> {};
        Consumer<Session> onClose = s -> {};
        WebSocketHandler onMessage = (s, type, buffer, offset, length) -> {};

        @Override
        public void onOpen(Session opened) {
            session = opened;
            calls.add("open");
            onOpen.accept(opened);
        }

        @Override
        public void onMessage(Session from, MessageType type, DirectBuffer buffer, int offset, int length) {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            calls.add((type == MessageType.TEXT ? "text " : "binary ")
                    + (length > 100 ? length + " bytes" : new String(bytes, StandardCharsets.UTF_8)));
            onMessage.onMessage(from, type, buffer, offset, length);
        }

        @Override
        public void onPong(Session from, DirectBuffer buffer, int offset, int length) {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            calls.add("pong " + new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public void onWritable(Session from) {
            calls.add("writable");
            onWritable.accept(from);
        }

        @Override
        public void onClose(Session from, int code, String reason) {
            calls.add("close " + code + " " + reason);
            onClose.accept(from);
        }
    }

    final Role role;
    final FakeReactor reactor = new FakeReactor();
    final FakePool shared = new FakePool();
    /** Where the receive buffers come from. */
    final FakePool input = new FakePool();
    final List<String> traced = new ArrayList<>();
    final SessionEngine engine;
    /** An assertion that failed within a handler, which the session caught. */
    private Throwable unexpected;
    final FakeConnection connection = new FakeConnection(reactor, 7);
    final Recorder handler = new Recorder();
    final HttpRequest request = new HttpRequest("GET", "/chat/a%20b", "x=1", List.of("Host", "here"));

    Rig() {
        this(Role.SERVER, QUIET);
    }

    Rig(Role role, SessionSettings settings) {
        this.role = role;
        FrameCodecProvider codec = ServiceLoader.load(FrameCodecProvider.class).findFirst().orElseThrow();
        Tracer tracer = new Tracer() {
            @Override
            public void sessionOpened(long id, String path, String remote) {
                traced.add("opened " + id + " " + path + " " + remote);
            }

            @Override
            public void sessionClosed(long id, int code, String reason) {
                traced.add("closed " + id + " " + code + " " + reason);
            }

            @Override
            public void handlerFailed(long id, Throwable failure) {
                traced.add("failed " + id + " " + failure.getMessage());
                if (!"on purpose".equals(failure.getMessage())) {
                    unexpected = failure;
                }
            }
        };
        engine = new SessionEngine(reactor, role, codec, FrameLimits.DEFAULT, shared, settings, tracer);
    }

    Rig open() {
        open(connection, handler);
        return this;
    }

    void open(FakeConnection to, WebSocketHandler of) {
        open(to, of, null);
    }

    void open(FakeConnection to, WebSocketHandler of, AgreedExtension agreed) {
        engine.open(to, of, role == Role.SERVER ? request : null, PathPattern.parse("/chat/{room}").match(request.path()), "", agreed);
        to.flush();
    }

    Session session() {
        return handler.session;
    }

    void receive(byte[]... frames) {
        receiveAt(0, frames);
    }

    /** Puts frames behind each other into one receive buffer, as one receive. */
    void receiveAt(int offset, byte[]... frames) {
        int length = 0;
        for (byte[] frame : frames) {
            length += frame.length;
        }
        Buffer buffer = input.acquire(offset + length);
        int at = offset;
        for (byte[] frame : frames) {
            buffer.memory().putBytes(at, frame);
            at += frame.length;
        }
        connection.receive(buffer, offset, length);
        buffer.release();
    }

    byte[] text(String text) {
        return Frames.frame(role == Role.SERVER, Opcode.TEXT, true, text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] binary(byte[] bytes) {
        return Frames.frame(role == Role.SERVER, Opcode.BINARY, true, bytes);
    }

    byte[] control(int opcode, String text) {
        return Frames.frame(role == Role.SERVER, opcode, true, text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] close(int code, String reason) {
        return Frames.frame(role == Role.SERVER, Opcode.CLOSE, true, Frames.closePayload(code, reason));
    }

    List<Frames.Frame> sent() {
        if (unexpected != null) {
            throw new AssertionError(unexpected);
        }
        connection.flush();
        return Frames.read(connection.takeWire(), role == Role.CLIENT);
    }

    /** The connection goes, and everything must be back and told once. */
    void end(int reason) {
        connection.disappear(reason);
        reactor.runTasks();
        reactor.advance(Deferred.DELAY_NS);
        assertEquals(0, reactor.pool.out.get(), "buffers of the reactor");
        assertEquals(0, shared.out.get(), "shared buffers");
        assertEquals(0, input.out.get(), "receive buffers");
        assertEquals(1, handler.calls.stream().filter(call -> call.startsWith("close ")).count(), handler.calls.toString());
        assertEquals("open", handler.calls.getFirst());
        assertEquals(true, handler.calls.getLast().startsWith("close "), handler.calls.toString());
        assertEquals(1, reactor.count("sessions.closed"));
        assertEquals(0, engine.openSessions());
        assertEquals(1, traced.stream().filter(event -> event.startsWith("closed ")).count(), traced.toString());
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }
}
