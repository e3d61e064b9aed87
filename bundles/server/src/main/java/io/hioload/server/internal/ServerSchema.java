package io.hioload.server.internal;

import static io.hioload.control.ConfigKey.Effect.LIVE;
import static io.hioload.control.ConfigKey.Effect.NEW_CONNECTIONS;
import static io.hioload.control.ConfigKey.Effect.RESTART;
import static io.hioload.control.ConfigKey.Type.DURATION;
import static io.hioload.control.ConfigKey.Type.NUMBER;
import static io.hioload.control.ConfigKey.Type.SIZE;

import io.hioload.affinity.Placement;
import io.hioload.buffer.PoolSettings;
import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSchema;
import io.hioload.control.ConfigSnapshot;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.MessageExtensionProvider;
import io.hioload.protocol.Role;
import io.hioload.protocol.http1.HttpLimits;
import io.hioload.reactor.ChangePolicy;
import io.hioload.reactor.ConnectionStageProvider;
import io.hioload.reactor.ReactorSettings;
import io.hioload.reactor.RebalancePolicy;
import io.hioload.session.SessionSettings;
import io.hioload.session.TopicSettings;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.TransportProvider;
import io.hioload.transport.TransportSelection;
import io.hioload.transport.TransportSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Everything that can be configured about a server, declared once: defaults, ranges, effects, and rules between keys. */
public final class ServerSchema {

    /** Config Admin's factory PID; a server's name stands behind the '~'. */
    public static final String PID = "io.hioload.server";

    private static final long MS = 1_000_000;

    static final ConfigKey HOST = ConfigKey.text("host", "127.0.0.1", NEW_CONNECTIONS,
            "Address to listen on, an IP address or localhost; 0.0.0.0 or :: for every interface.");
    static final ConfigKey PORT = ConfigKey.number("port", NUMBER, 9001, 0, 65_535, NEW_CONNECTIONS,
            "Port to listen on; 0 lets the system choose.");
    static final ConfigKey TRANSPORT = ConfigKey.text("transport", TransportSelection.AUTO, LIVE,
            "A transport's name, or auto for the best one that can be used.");
    static final ConfigKey TLS = ConfigKey.flag("tls", false, LIVE,
            "Speak TLS (wss, https) with new connections; the keys that begin with tls. say how, without any the server makes its own certificate.");
    static final ConfigKey CHANGE = ConfigKey.text("transport.change", "migrate", LIVE,
            "When the transport changes, live connections migrate, or stay and finish, or close; each step where the one before cannot be.",
            "migrate", "finish", "close");
    static final ConfigKey FINISH_TIMEOUT = ConfigKey.number("transport.finish.timeout", DURATION,
            ChangePolicy.DEFAULT.finishNs() / MS, 0, 86_400_000, LIVE,
            "Time that connections which cannot migrate may go on before they are closed with 1012.");
    static final ConfigKey CLOSE_JITTER = ConfigKey.number("transport.close.jitter", DURATION,
            ChangePolicy.DEFAULT.closeJitterNs() / MS, 0, 3_600_000, LIVE,
            "Time over which these closes are spread, so that clients do not all come back at once.");
    static final ConfigKey CHANGE_CLOSE_TIMEOUT = ConfigKey.number("transport.close.timeout", DURATION,
            ChangePolicy.DEFAULT.closeNs() / MS, 0, 600_000, LIVE,
            "Time that a connection which is being closed for a change may take until it is reset.");
    static final ConfigKey REBALANCE_PERIOD = ConfigKey.number("rebalance.period", DURATION, 0, 0, 3_600_000, LIVE,
            "How often the loads of reactors are compared, to move connections from a busy one to an idle one; 0 never.");
    static final ConfigKey REBALANCE_BUSY = ConfigKey.number("rebalance.busy.percent", NUMBER, RebalancePolicy.DEFAULT.busyPercent(), 1,
            100,
            LIVE, "Only from a reactor that is at work for at least this part of the time.");
    static final ConfigKey REBALANCE_DIFFERENCE = ConfigKey.number("rebalance.difference.percent", NUMBER,
            RebalancePolicy.DEFAULT.differencePercent(), 1, 100, LIVE, "Only to a reactor whose load is lower by at least this much.");
    static final ConfigKey REBALANCE_REST = ConfigKey.number("rebalance.rest.periods", NUMBER, RebalancePolicy.DEFAULT.restPeriods(), 0,
            10_000,
            LIVE, "Periods without a move after one; twice as many after each move that did not help.");
    static final ConfigKey MODE = ConfigKey.text("mode", RunMode.BALANCED.key(), LIVE,
            "What it is tuned for: latency spins before it blocks, balanced blocks at once, efficient lets work gather.",
            RunMode.LATENCY.key(), RunMode.BALANCED.key(), RunMode.EFFICIENT.key());
    static final ConfigKey REACTORS = ConfigKey.number("reactors", NUMBER, 0, 0, 1024, LIVE,
            "Event loops, each one thread; 0 is one for each usable CPU, or as many as the CPU quota is worth if that is less.");
    static final ConfigKey PIN = ConfigKey.flag("pin", false, LIVE, "Pin each reactor's thread to a CPU.");
    static final ConfigKey PLACEMENT = ConfigKey.text("placement", Placement.SPREAD.toString(), LIVE,
            "Which CPUs pinned reactors get: spread (far apart), compact (close together), or near:eth0 (near that network interface).");
    static final ConfigKey IDLE_SPIN = byMode("idle.spin.us", 60_000_000,
            "Microseconds that a reactor without work polls in a loop: lower latency for a busy CPU; -1 as mode says.");
    static final ConfigKey IDLE_YIELD = byMode("idle.yield.us", 60_000_000,
            "Microseconds that it polls and yields the CPU after that, before it blocks; -1 as mode says.");
    static final ConfigKey IDLE_GATHER = byMode("idle.gather.us", 1_000_000,
            "Microseconds that it sleeps between being busy and blocking, so that work gathers; -1 as mode says.");
    static final ConfigKey BUSY_POLL = byMode("busy.poll.us", 1_000_000,
            "Microseconds that a wait polls the network device (Linux, epoll and io_uring; the loopback has none); -1 as mode says.");
    static final ConfigKey EVENTS_PER_TURN = ConfigKey.number("events.per.turn", NUMBER, ReactorSettings.DEFAULT_EVENTS_PER_TURN, 1,
            1 << 20, LIVE, "Events that a reactor handles before it flushes and looks at tasks and timers.");
    static final ConfigKey TASK_QUEUE = ConfigKey.number("task.queue", NUMBER, ReactorSettings.DEFAULT_TASK_QUEUE_SLOTS, 1 << 10,
            1 << 24, RESTART, "Tasks from other threads, such as sends, that can wait for one reactor; a power of two.");

    static final ConfigKey CONNECTIONS_MAX = ConfigKey.number("connections.max", NUMBER, ReactorSettings.DEFAULT_MAX_CONNECTIONS, 1,
            16_000_000, LIVE, "Connections at once; more are refused.");
    static final ConfigKey BACKLOG = ConfigKey.number("backlog", NUMBER, ListenOptions.DEFAULT_BACKLOG, 1, 65_535, NEW_CONNECTIONS,
            "Length of the system's accept queue, which the system may cap.");
    static final ConfigKey NO_DELAY = ConfigKey.flag("tcp.nodelay", true, NEW_CONNECTIONS, "Send small packets at once (TCP_NODELAY).");
    static final ConfigKey SOCKET_SEND = ConfigKey.number("socket.send.buffer", SIZE, 0, 0, 1 << 30, NEW_CONNECTIONS,
            "SO_SNDBUF of each connection; 0 leaves it to the system.");
    static final ConfigKey SOCKET_RECEIVE = ConfigKey.number("socket.receive.buffer", SIZE, 0, 0, 1 << 30, NEW_CONNECTIONS,
            "SO_RCVBUF of each connection; 0 leaves it to the system.");

    static final ConfigKey RECEIVE_BUFFER = ConfigKey.number("receive.buffer", SIZE, TransportSettings.DEFAULT_RECEIVE_BYTES, 4 << 10,
            1 << 20, LIVE, "Buffer that a transport receives into; one for each reactor, not for each connection.");
    static final ConfigKey MEMORY_CEILING = ConfigKey.number("memory.ceiling", SIZE, PoolSettings.DEFAULT_CEILING_BYTES, 8 << 20,
            1L << 44, LIVE, "Buffer memory at the most; it is mapped only as it is needed.");
    static final ConfigKey MEMORY_HUGE_PAGES = ConfigKey.flag("memory.hugepages", false, LIVE,
            "Ask the system for huge pages for buffers; those that are mapped from then on.");
    static final ConfigKey MEMORY_TRIM = ConfigKey.number("memory.trim.after", DURATION, PoolSettings.DEFAULT_TRIM_AFTER_NS / MS, 0,
            86_400_000, LIVE, "Buffer memory that nobody needed for so long goes back to the system; 0 keeps it.");

    static final ConfigKey MESSAGE_MAX = ConfigKey.number("message.max", SIZE, FrameLimits.DEFAULT_MAX_MESSAGE_BYTES, 1, 1 << 30,
            NEW_CONNECTIONS, "Payload of one message over all its frames; more closes the session with 1009.");
    static final ConfigKey FRAME_MAX = ConfigKey.number("frame.max", SIZE, FrameLimits.DEFAULT_MAX_FRAME_BYTES, 1, 1 << 30,
            NEW_CONNECTIONS, "Payload of one frame; more closes the session with 1009.");
    static final ConfigKey FRAGMENTS_MAX = ConfigKey.number("fragments.max", NUMBER, FrameLimits.DEFAULT_MAX_FRAGMENTS, 1, 1 << 30,
            NEW_CONNECTIONS, "Frames of one message; more closes the session with 1008.");
    static final ConfigKey UNSENT_HIGH = ConfigKey.number("unsent.high", SIZE, ReactorSettings.DEFAULT_HIGH_WATER_BYTES, 1 << 10, 1 << 30,
            LIVE, "A session with more unsent bytes than this answers sends with BACKPRESSURE.");
    static final ConfigKey UNSENT_LOW = ConfigKey.number("unsent.low", SIZE, ReactorSettings.DEFAULT_LOW_WATER_BYTES, 0, 1 << 30, LIVE,
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
            "Time that sessions have to end when the server stops.");
    static final ConfigKey LINGER_TIMEOUT = ConfigKey.number("linger.timeout", DURATION, ReactorSettings.DEFAULT_LINGER_NS / MS, 0, 600_000,
            LIVE,
            "Time that a closing connection has to take what was sent before it is reset.");

    /** The value of {@link #SLOW_CONSUMER} that closes. */
    static final String CLOSE_SLOW = "close";
    static final ConfigKey SLOW_CONSUMER = ConfigKey.text("slow.consumer", "drop", LIVE,
            "What becomes of a session at unsent.max: the message is dropped, or the session is closed with 1008.", "drop", CLOSE_SLOW);
    static final ConfigKey TOPICS_SUBSCRIPTIONS = ConfigKey.number("topics.subscriptions.max", NUMBER,
            TopicSettings.DEFAULT_MAX_SUBSCRIPTIONS, 0, 1_000_000, LIVE, "Topic filters of one session; more are refused and counted.");
    static final ConfigKey TOPICS_RETAINED = ConfigKey.number("topics.retained.max", NUMBER, TopicSettings.DEFAULT_MAX_RETAINED, 0,
            16_000_000, LIVE, "Topics that may have a last value, which each holds a buffer; more are refused and counted.");

    private static final ConfigSchema SCHEMA = new ConfigSchema(PID, "hioload server",
            List.of(HOST, PORT, TLS, TRANSPORT, CHANGE, FINISH_TIMEOUT, CLOSE_JITTER, CHANGE_CLOSE_TIMEOUT, MODE, REACTORS,
                    REBALANCE_PERIOD, REBALANCE_BUSY, REBALANCE_DIFFERENCE, REBALANCE_REST, PIN, PLACEMENT, IDLE_SPIN, IDLE_YIELD,
                    IDLE_GATHER, BUSY_POLL, EVENTS_PER_TURN, TASK_QUEUE, CONNECTIONS_MAX, BACKLOG,
                    NO_DELAY, SOCKET_SEND, SOCKET_RECEIVE, RECEIVE_BUFFER, MEMORY_CEILING, MEMORY_HUGE_PAGES, MEMORY_TRIM, MESSAGE_MAX,
                    FRAME_MAX,
                    FRAGMENTS_MAX, UNSENT_HIGH, UNSENT_LOW, UNSENT_MAX, SLOW_CONSUMER, HANDSHAKE_TIMEOUT, HTTP_HEAD_MAX, HTTP_HEADERS_MAX,
                    HTTP_TARGET_MAX, HTTP_IDLE_TIMEOUT, IDLE_TIMEOUT, PING_INTERVAL, MESSAGE_TIMEOUT, CLOSE_TIMEOUT, KEEP_HEADERS,
                    TOPICS_SUBSCRIPTIONS, TOPICS_RETAINED,
                    DRAIN_TIMEOUT,
                    LINGER_TIMEOUT),
            ServerSchema::breaches);

    /** {@code transport.}, a transport's name, and what the transport calls it. */
    private static final Pattern TRANSPORT_KEY = Pattern.compile("transport\\.([a-z][a-z0-9_-]*)\\.[a-z].*");
    /** {@code extension.}, a short name of the extension, and what the extension calls it. */
    private static final Pattern EXTENSION_KEY = Pattern.compile("extension\\.([a-z][a-z0-9_-]*)\\.[a-z].*");
    private static final Set<String> OWN = SCHEMA.keys().stream().map(ConfigKey::name).collect(Collectors.toUnmodifiableSet());
    /** The second parts of the names of our own keys that look like a transport's. */
    private static final Set<String> OWN_SECTIONS = OWN.stream().map(ServerSchema::transportOf).filter(Objects::nonNull)
            .collect(Collectors.toUnmodifiableSet());

    private ServerSchema() {
    }

    /** Whether what {@link #transportOf} answered is not a transport but a section of our own. */
    static boolean isOwnSection(String section) {
        return OWN_SECTIONS.contains(section);
    }

    /** Whether it is declared here and not by a plugin. */
    static boolean isOwn(String key) {
        return OWN.contains(key);
    }

    private static ConfigKey byMode(String name, int mostUs, String description) {
        return ConfigKey.number(name, NUMBER, RunMode.BY_MODE, RunMode.BY_MODE, mostUs, LIVE, description);
    }

    /**
     * The schema of factory PID {@link #PID}, without keys of transports.
     *
     * @return always the same object
     */
    public static ConfigSchema schema() {
        return SCHEMA;
    }

    /**
     * The schema with the keys of the transports that are there. Keys of others are kept as they are.
     *
     * @param transports all there are
     * @return what a configuration is checked by as long as there are no others
     */
    public static ConfigSchema schema(Collection<TransportProvider> transports) {
        return schema(transports, List.of(), List.of());
    }

    /**
     * The schema with the keys of the transports, extensions and stages that are there. Keys of others are kept as they are.
     *
     * @param transports all there are
     * @param extensions all there are
     * @param stages     all there are
     * @return what a configuration is checked by as long as there are no others
     */
    public static ConfigSchema schema(Collection<TransportProvider> transports, Collection<MessageExtensionProvider> extensions,
            Collection<ConnectionStageProvider> stages) {
        Set<String> there = new HashSet<>(OWN_SECTIONS);
        List<ConfigKey> keys = new ArrayList<>();
        for (TransportProvider transport : transports) {
            there.add(transport.name());
            keys.addAll(transport.keys());
        }
        Set<String> extended = new HashSet<>();
        for (MessageExtensionProvider extension : extensions) {
            keys.addAll(extension.keys());
            extension.keys().forEach(key -> extended.add(extensionOf(key.name())));
        }
        Set<String> staged = new HashSet<>();
        for (ConnectionStageProvider stage : stages) {
            keys.addAll(stage.keys(Role.SERVER));
            staged.add(stage.name());
        }
        return SCHEMA.with(keys).keeping(name -> {
            String stage = stageOf(name);
            String of = transportOf(name);
            String extension = extensionOf(name);
            return stage != null && !staged.contains(stage) || of != null && !there.contains(of)
                    || extension != null && !extended.contains(extension);
        });
    }

    /** The stage that a key belongs to by its name, or {@code null}. */
    static String stageOf(String key) {
        return key.startsWith(TLS.name() + ".") ? TLS.name() : null;
    }

    /** The extension that a key belongs to, as its name in the key says, or {@code null}. */
    static String extensionOf(String key) {
        Matcher matcher = EXTENSION_KEY.matcher(key);
        return matcher.matches() ? matcher.group(1) : null;
    }

    /** The transport that a key belongs to by its name, or {@code null}. */
    static String transportOf(String key) {
        Matcher matcher = TRANSPORT_KEY.matcher(key);
        return matcher.matches() ? matcher.group(1) : null;
    }

    private static List<String> breaches(ConfigSnapshot config) {
        List<String> breaches = new ArrayList<>();
        notAbove(breaches, config, UNSENT_LOW, UNSENT_HIGH);
        notAbove(breaches, config, UNSENT_HIGH, UNSENT_MAX);
        notAbove(breaches, config, MESSAGE_MAX, MEMORY_CEILING);
        if (!ListenAddress.isAllowed(config.text(HOST))) {
            breaches.add(HOST.name() + " = " + config.text(HOST) + ": allowed is an IP address or localhost, no other name");
        }
        try {
            Placement.parse(config.text(PLACEMENT));
        } catch (IllegalArgumentException e) {
            breaches.add(PLACEMENT.name() + " = " + config.text(PLACEMENT) + ": allowed is spread, compact or near:<network interface>");
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
