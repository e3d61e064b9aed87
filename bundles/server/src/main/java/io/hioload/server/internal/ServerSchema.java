package io.hioload.server.internal;

import static io.hioload.control.ConfigKey.Effect.LIVE;
import static io.hioload.control.ConfigKey.Effect.NEW_CONNECTIONS;
import static io.hioload.control.ConfigKey.Effect.REBUILD;
import static io.hioload.control.ConfigKey.Type.DURATION;
import static io.hioload.control.ConfigKey.Type.NUMBER;
import static io.hioload.control.ConfigKey.Type.SIZE;

import io.hioload.buffer.PoolSettings;
import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSchema;
import io.hioload.control.ConfigSnapshot;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.http1.HttpLimits;
import io.hioload.reactor.ReactorSettings;
import io.hioload.session.SessionSettings;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.TransportSelection;
import io.hioload.transport.TransportSettings;
import java.util.ArrayList;
import java.util.List;

/** Everything that can be configured about a server, declared once: defaults, ranges, effects, and rules between keys. */
public final class ServerSchema {

    /** Config Admin's factory PID; a server's name stands behind the '~'. */
    public static final String PID = "io.hioload.server";

    private static final long MS = 1_000_000;

    static final ConfigKey HOST = ConfigKey.text("host", "127.0.0.1", REBUILD,
            "Address to listen on, an IP address or localhost; 0.0.0.0 or :: for every interface.");
    static final ConfigKey PORT = ConfigKey.number("port", NUMBER, 9001, 0, 65_535, REBUILD,
            "Port to listen on; 0 lets the system choose.");
    static final ConfigKey TRANSPORT = ConfigKey.text("transport", TransportSelection.AUTO, REBUILD,
            "A transport's name, or auto for the best one that can be used.");
    static final ConfigKey REACTORS = ConfigKey.number("reactors", NUMBER, 0, 0, 1024, REBUILD,
            "Event loops, each one thread; 0 is one for each usable CPU.");
    static final ConfigKey PIN = ConfigKey.flag("pin", false, REBUILD, "Pin each reactor's thread to a CPU.");
    static final ConfigKey IDLE_SPIN = ConfigKey.number("idle.spin.us", NUMBER, 0, 0, 60_000_000, REBUILD,
            "Microseconds that a reactor without work polls in a loop: lower latency for a busy CPU.");
    static final ConfigKey IDLE_YIELD = ConfigKey.number("idle.yield.us", NUMBER, 0, 0, 60_000_000, REBUILD,
            "Microseconds that it polls and yields the CPU after that, before it blocks.");
    static final ConfigKey EVENTS_PER_TURN = ConfigKey.number("events.per.turn", NUMBER, ReactorSettings.DEFAULT_EVENTS_PER_TURN, 1,
            1 << 20, REBUILD, "Events that a reactor handles before it flushes and looks at tasks and timers.");
    static final ConfigKey TASK_QUEUE = ConfigKey.number("task.queue", NUMBER, ReactorSettings.DEFAULT_TASK_QUEUE_SLOTS, 1 << 10,
            1 << 24, REBUILD, "Tasks from other threads, such as sends, that can wait for one reactor; a power of two.");

    static final ConfigKey CONNECTIONS_MAX = ConfigKey.number("connections.max", NUMBER, ReactorSettings.DEFAULT_MAX_CONNECTIONS, 1,
            16_000_000, REBUILD, "Connections at once; more are refused.");
    static final ConfigKey BACKLOG = ConfigKey.number("backlog", NUMBER, ListenOptions.DEFAULT_BACKLOG, 1, 65_535, REBUILD,
            "Length of the system's accept queue, which the system may cap.");
    static final ConfigKey NO_DELAY = ConfigKey.flag("tcp.nodelay", true, REBUILD, "Send small packets at once (TCP_NODELAY).");
    static final ConfigKey SOCKET_SEND = ConfigKey.number("socket.send.buffer", SIZE, 0, 0, 1 << 30, REBUILD,
            "SO_SNDBUF of each connection; 0 leaves it to the system.");
    static final ConfigKey SOCKET_RECEIVE = ConfigKey.number("socket.receive.buffer", SIZE, 0, 0, 1 << 30, REBUILD,
            "SO_RCVBUF of each connection; 0 leaves it to the system.");

    static final ConfigKey RECEIVE_BUFFER = ConfigKey.number("receive.buffer", SIZE, TransportSettings.DEFAULT_RECEIVE_BYTES, 4 << 10,
            1 << 20, REBUILD, "Buffer that a transport receives into; one for each reactor, not for each connection.");
    static final ConfigKey MEMORY_CEILING = ConfigKey.number("memory.ceiling", SIZE, PoolSettings.DEFAULT_CEILING_BYTES, 8 << 20,
            1L << 44, REBUILD, "Buffer memory at the most; it is mapped only as it is needed.");
    static final ConfigKey MEMORY_HUGE_PAGES = ConfigKey.flag("memory.hugepages", false, REBUILD,
            "Ask the system for huge pages for buffers.");

    static final ConfigKey MESSAGE_MAX = ConfigKey.number("message.max", SIZE, FrameLimits.DEFAULT_MAX_MESSAGE_BYTES, 1, 1 << 30,
            NEW_CONNECTIONS, "Payload of one message over all its frames; more closes the session with 1009.");
    static final ConfigKey FRAME_MAX = ConfigKey.number("frame.max", SIZE, FrameLimits.DEFAULT_MAX_FRAME_BYTES, 1, 1 << 30,
            NEW_CONNECTIONS, "Payload of one frame; more closes the session with 1009.");
    static final ConfigKey FRAGMENTS_MAX = ConfigKey.number("fragments.max", NUMBER, FrameLimits.DEFAULT_MAX_FRAGMENTS, 1, 1 << 30,
            NEW_CONNECTIONS, "Frames of one message; more closes the session with 1008.");
    static final ConfigKey UNSENT_HIGH = ConfigKey.number("unsent.high", SIZE, ReactorSettings.DEFAULT_HIGH_WATER_BYTES, 1 << 10, 1 << 30,
            REBUILD, "A session with more unsent bytes than this answers sends with BACKPRESSURE.");
    static final ConfigKey UNSENT_LOW = ConfigKey.number("unsent.low", SIZE, ReactorSettings.DEFAULT_LOW_WATER_BYTES, 0, 1 << 30, REBUILD,
            "It is writable again when it has no more than this.");
    static final ConfigKey UNSENT_MAX = ConfigKey.number("unsent.max", SIZE, SessionSettings.DEFAULT_MAX_UNSENT_BYTES, 1 << 10,
            1 << 30, LIVE, "A message that would bring a session's unsent bytes above this is dropped and counted.");

    static final ConfigKey HANDSHAKE_TIMEOUT = ConfigKey.number("handshake.timeout", DURATION, 10_000, 100, 600_000, NEW_CONNECTIONS,
            "Time that a new connection has to send its whole request head.");
    static final ConfigKey HTTP_HEAD_MAX = ConfigKey.number("http.head.max", SIZE, HttpLimits.DEFAULT_MAX_HEAD_BYTES, 512, 1 << 20,
            NEW_CONNECTIONS,
            "Bytes of a request head; more is answered with 431.");
    static final ConfigKey HTTP_HEADERS_MAX = ConfigKey.number("http.headers.max", NUMBER, HttpLimits.DEFAULT_MAX_HEADERS, 8, 10_000,
            NEW_CONNECTIONS, "Header lines of a request; more is answered with 431.");
    static final ConfigKey HTTP_TARGET_MAX = ConfigKey.number("http.target.max", SIZE, HttpLimits.DEFAULT_MAX_TARGET_BYTES, 64, 1 << 20,
            NEW_CONNECTIONS, "Bytes of a request target (path and query); more is answered with 414.");
    static final ConfigKey HTTP_IDLE_TIMEOUT = ConfigKey.number("http.idle.timeout", DURATION, 30_000, 100, 3_600_000, NEW_CONNECTIONS,
            "Time that a connection without a WebSocket session may wait for its next request.");
    static final ConfigKey IDLE_TIMEOUT = ConfigKey.number("idle.timeout", DURATION,
            SessionSettings.DEFAULT_IDLE_TIMEOUT_NS / MS, 0, SessionSettings.MAX_TIME_NS / MS, LIVE,
            "A session that received nothing, not even a pong, for so long is closed; 0 never.");
    static final ConfigKey PING_INTERVAL = ConfigKey.number("ping.interval", DURATION,
            SessionSettings.DEFAULT_PING_INTERVAL_NS / MS, 0, SessionSettings.MAX_TIME_NS / MS, LIVE,
            "A session that received nothing for so long is sent a ping; 0 never.");
    static final ConfigKey MESSAGE_TIMEOUT = ConfigKey.number("message.timeout", DURATION,
            SessionSettings.DEFAULT_MESSAGE_TIMEOUT_NS / MS, 0, SessionSettings.MAX_TIME_NS / MS, LIVE,
            "A session whose peer has begun a message and not completed it for so long is closed with 1008; 0 never.");
    static final ConfigKey CLOSE_TIMEOUT = ConfigKey.number("close.timeout", DURATION,
            SessionSettings.DEFAULT_CLOSE_TIMEOUT_NS / MS, 0, 600_000, LIVE,
            "Time that a peer has to answer a close frame; 0 does not wait.");
    static final ConfigKey KEEP_HEADERS = ConfigKey.flag("session.headers", false, NEW_CONNECTIONS,
            "Keep the request headers of a session for its whole life, not only for onOpen.");
    static final ConfigKey DRAIN_TIMEOUT = ConfigKey.number("drain.timeout", DURATION, 10_000, 0, 600_000, LIVE,
            "Time that sessions have to end when the server stops or is rebuilt.");
    static final ConfigKey LINGER_TIMEOUT = ConfigKey.number("linger.timeout", DURATION, ReactorSettings.DEFAULT_LINGER_NS / MS, 0, 600_000,
            REBUILD,
            "Time that a closing connection has to take what was sent before it is reset.");

    private static final ConfigSchema SCHEMA = new ConfigSchema(PID, "hioload server",
            List.of(HOST, PORT, TRANSPORT, REACTORS, PIN, IDLE_SPIN, IDLE_YIELD, EVENTS_PER_TURN, TASK_QUEUE, CONNECTIONS_MAX, BACKLOG,
                    NO_DELAY, SOCKET_SEND, SOCKET_RECEIVE, RECEIVE_BUFFER, MEMORY_CEILING, MEMORY_HUGE_PAGES, MESSAGE_MAX, FRAME_MAX,
                    FRAGMENTS_MAX, UNSENT_HIGH, UNSENT_LOW, UNSENT_MAX, HANDSHAKE_TIMEOUT, HTTP_HEAD_MAX, HTTP_HEADERS_MAX,
                    HTTP_TARGET_MAX, HTTP_IDLE_TIMEOUT, IDLE_TIMEOUT, PING_INTERVAL, MESSAGE_TIMEOUT, CLOSE_TIMEOUT, KEEP_HEADERS,
                    DRAIN_TIMEOUT,
                    LINGER_TIMEOUT),
            ServerSchema::breaches);

    private ServerSchema() {
    }

    /**
     * The schema of factory PID {@link #PID}.
     *
     * @return always the same object
     */
    public static ConfigSchema schema() {
        return SCHEMA;
    }

    private static List<String> breaches(ConfigSnapshot config) {
        List<String> breaches = new ArrayList<>();
        notAbove(breaches, config, UNSENT_LOW, UNSENT_HIGH);
        notAbove(breaches, config, UNSENT_HIGH, UNSENT_MAX);
        notAbove(breaches, config, MESSAGE_MAX, MEMORY_CEILING);
        if (!ListenAddress.isAllowed(config.text(HOST))) {
            breaches.add(HOST.name() + " = " + config.text(HOST) + ": allowed is an IP address or localhost, no other name");
        }
        long idle = config.number(IDLE_TIMEOUT);
        if (idle > 0 && config.number(PING_INTERVAL) >= idle) {
            breaches.add(shown(config, PING_INTERVAL) + ": must be less than " + shown(config, IDLE_TIMEOUT)
                    + ", or quiet sessions are closed before they are asked");
        }
        if (Long.bitCount(config.number(TASK_QUEUE)) != 1) {
            breaches.add(shown(config, TASK_QUEUE) + ": must be a power of two");
        }
        return breaches;
    }

    private static void notAbove(List<String> breaches, ConfigSnapshot config, ConfigKey lower, ConfigKey upper) {
        if (config.number(lower) > config.number(upper)) {
            breaches.add(shown(config, lower) + ": must not be greater than " + shown(config, upper));
        }
    }

    private static String shown(ConfigSnapshot config, ConfigKey key) {
        return key.name() + " = " + config.number(key);
    }
}
