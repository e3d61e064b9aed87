package io.hioload.server.internal;

import io.hioload.affinity.Placement;
import io.hioload.buffer.PoolSettings;
import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSnapshot;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.http1.HttpLimits;
import io.hioload.reactor.ChangePolicy;
import io.hioload.reactor.ReactorSettings;
import io.hioload.reactor.RebalancePolicy;
import io.hioload.session.SessionSettings;
import io.hioload.session.SlowConsumer;
import io.hioload.session.TopicSettings;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.TransportSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A server's configuration in the words of the parts that it configures. No state; any thread. */
final class ServerSettings {

    private static final long NS_PER_MS = 1_000_000;

    /** The keys that a listening socket was opened with. */
    private static final List<ConfigKey> OF_LISTENER = List.of(ServerSchema.HOST, ServerSchema.PORT, ServerSchema.BACKLOG,
            ServerSchema.NO_DELAY, ServerSchema.SOCKET_SEND, ServerSchema.SOCKET_RECEIVE);

    private ServerSettings() {
    }

    static ReactorSettings reactors(String name, ConfigSnapshot config) {
        return new ReactorSettings(name, integer(config, ServerSchema.REACTORS), integer(config, ServerSchema.CONNECTIONS_MAX),
                config.flag(ServerSchema.PIN), Placement.parse(config.text(ServerSchema.PLACEMENT)), RunMode.idle(config),
                integer(config, ServerSchema.EVENTS_PER_TURN),
                integer(config, ServerSchema.TASK_QUEUE), integer(config, ServerSchema.UNSENT_HIGH),
                integer(config, ServerSchema.UNSENT_LOW), ns(config, ServerSchema.LINGER_TIMEOUT), transport(config), rebalance(config));
    }

    private static TransportSettings transport(ConfigSnapshot config) {
        Map<String, String> properties = new HashMap<>();
        config.values().forEach((name, value) -> {
            if (!ServerSchema.isOwn(name) && ServerSchema.transportOf(name) != null) {
                properties.put(name, value.toString());
            }
        });
        return new TransportSettings(integer(config, ServerSchema.RECEIVE_BUFFER), RunMode.busyPollUs(config), Map.copyOf(properties));
    }

    /** What is said about extensions, by the names of the keys. */
    static Map<String, String> extensions(ConfigSnapshot config) {
        Map<String, String> properties = new HashMap<>();
        config.values().forEach((name, value) -> {
            if (ServerSchema.extensionOf(name) != null) {
                properties.put(name, value.toString());
            }
        });
        return Map.copyOf(properties);
    }

    /** What is said about stages, by the names of the keys. */
    static Map<String, String> stages(ConfigSnapshot config) {
        Map<String, String> properties = new HashMap<>();
        config.values().forEach((name, value) -> {
            if (ServerSchema.stageOf(name) != null) {
                properties.put(name, value.toString());
            }
        });
        return Map.copyOf(properties);
    }

    private static RebalancePolicy rebalance(ConfigSnapshot config) {
        return new RebalancePolicy(ns(config, ServerSchema.REBALANCE_PERIOD), integer(config, ServerSchema.REBALANCE_BUSY),
                integer(config, ServerSchema.REBALANCE_DIFFERENCE), integer(config, ServerSchema.REBALANCE_REST));
    }

    static ChangePolicy change(ConfigSnapshot config) {
        return new ChangePolicy(ChangePolicy.Live.valueOf(config.text(ServerSchema.CHANGE).toUpperCase(Locale.ROOT)),
                ns(config, ServerSchema.FINISH_TIMEOUT), ns(config, ServerSchema.CLOSE_JITTER),
                ns(config, ServerSchema.CHANGE_CLOSE_TIMEOUT));
    }

    static PoolSettings memory(ConfigSnapshot config) {
        return new PoolSettings(config.number(ServerSchema.MEMORY_CEILING), PoolSettings.DEFAULT_SLAB_BYTES,
                config.flag(ServerSchema.MEMORY_HUGE_PAGES), ns(config, ServerSchema.MEMORY_TRIM));
    }

    static ListenOptions listener(ConfigSnapshot config) {
        return new ListenOptions(integer(config, ServerSchema.BACKLOG), false, config.flag(ServerSchema.NO_DELAY),
                integer(config, ServerSchema.SOCKET_SEND), integer(config, ServerSchema.SOCKET_RECEIVE));
    }

    /** Whether a change needs a new listening socket. */
    static boolean isForListener(Set<String> changed) {
        return OF_LISTENER.stream().anyMatch(key -> changed.contains(key.name()));
    }

    /** Whether a change needs another address. */
    static boolean isForAddress(Set<String> changed) {
        return changed.contains(ServerSchema.HOST.name()) || changed.contains(ServerSchema.PORT.name());
    }

    static SessionSettings sessions(ConfigSnapshot config) {
        return new SessionSettings(ns(config, ServerSchema.IDLE_TIMEOUT), ns(config, ServerSchema.PING_INTERVAL),
                ns(config, ServerSchema.MESSAGE_TIMEOUT), ns(config, ServerSchema.CLOSE_TIMEOUT),
                integer(config, ServerSchema.UNSENT_MAX), config.flag(ServerSchema.KEEP_HEADERS),
                config.text(ServerSchema.SLOW_CONSUMER).equals(ServerSchema.CLOSE_SLOW) ? SlowConsumer.CLOSE : SlowConsumer.DROP_NEWEST);
    }

    static TopicSettings topics(ConfigSnapshot config) {
        return new TopicSettings(integer(config, ServerSchema.TOPICS_SUBSCRIPTIONS), integer(config, ServerSchema.TOPICS_RETAINED));
    }

    static FrameLimits frames(ConfigSnapshot config) {
        return new FrameLimits(integer(config, ServerSchema.MESSAGE_MAX), integer(config, ServerSchema.FRAME_MAX),
                integer(config, ServerSchema.FRAGMENTS_MAX));
    }

    static HttpLimits http(ConfigSnapshot config) {
        return new HttpLimits(integer(config, ServerSchema.HTTP_HEAD_MAX), integer(config, ServerSchema.HTTP_HEADERS_MAX),
                integer(config, ServerSchema.HTTP_TARGET_MAX));
    }

    /** The time of a duration key. */
    static long ns(ConfigSnapshot config, ConfigKey duration) {
        return config.number(duration) * NS_PER_MS;
    }

    private static int integer(ConfigSnapshot config, ConfigKey key) {
        return (int) config.number(key);
    }
}
