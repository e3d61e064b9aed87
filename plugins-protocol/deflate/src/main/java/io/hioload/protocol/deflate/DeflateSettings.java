package io.hioload.protocol.deflate;

import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigKey.Effect;
import io.hioload.control.ConfigKey.Type;
import java.util.List;
import java.util.Map;

/**
 * What the extension is tuned by. <em>Own</em> is what this side sends, <em>peer</em> what it receives, in either role.
 *
 * @param enabled      whether it is negotiated at all
 * @param level        1 (fast) to 9 (small)
 * @param memoryLevel  of zlib, 1 to 9
 * @param minBytes     messages below are sent as they are
 * @param ownTakeover  whether own messages may refer to those before: smaller, but a compressor for each session
 * @param peerTakeover whether the peer's messages may: a decompressor for each session
 * @param ownBits      largest window of the own compressor, 8 to 15
 * @param peerBits     largest window that is asked of the peer, 8 to 15
 * @param memoryBytes  what the compressors and decompressors of single sessions of one reactor may take together
 * @param idleNs       a session that was quiet for so long gives its memory back
 */
record DeflateSettings(boolean enabled, int level, int memoryLevel, int minBytes, boolean ownTakeover, boolean peerTakeover, int ownBits,
        int peerBits, long memoryBytes, long idleNs) {

    private static final String PREFIX = "extension.deflate.";
    private static final long NS_PER_MS = 1_000_000;

    static final ConfigKey ENABLED = ConfigKey.flag(PREFIX + "enabled", true, Effect.NEW_CONNECTIONS,
            "Compress messages with peers that can (permessage-deflate, RFC 7692).");
    static final ConfigKey LEVEL = ConfigKey.number(PREFIX + "level", Type.NUMBER, 6, 1, 9, Effect.NEW_CONNECTIONS,
            "From 1, fast, to 9, small.");
    static final ConfigKey MEMORY_LEVEL = ConfigKey.number(PREFIX + "memory.level", Type.NUMBER, 8, 1, 9, Effect.NEW_CONNECTIONS,
            "Memory of a compressor besides its window: 2^(9 + this) bytes.");
    static final ConfigKey MIN = ConfigKey.number(PREFIX + "min", Type.SIZE, 256, 1, 1 << 30, Effect.NEW_CONNECTIONS,
            "Messages below this size are sent as they are.");
    static final ConfigKey OWN_TAKEOVER = ConfigKey.flag(PREFIX + "takeover.own", false, Effect.NEW_CONNECTIONS,
            "Let messages that are sent refer to earlier ones: smaller, at the price of a compressor for each session.");
    static final ConfigKey PEER_TAKEOVER = ConfigKey.flag(PREFIX + "takeover.peer", false, Effect.NEW_CONNECTIONS,
            "Let the peer do so: a decompressor for each session.");
    static final ConfigKey OWN_BITS = ConfigKey.number(PREFIX + "window.own", Type.NUMBER, 15, 8, 15, Effect.NEW_CONNECTIONS,
            "Base-2 logarithm of the window of messages that are sent.");
    static final ConfigKey PEER_BITS = ConfigKey.number(PREFIX + "window.peer", Type.NUMBER, 15, 8, 15, Effect.NEW_CONNECTIONS,
            "The same of messages that are received, asked of the peer.");
    static final ConfigKey MEMORY = ConfigKey.number(PREFIX + "memory.max", Type.SIZE, 256 << 20, 0, 1L << 40, Effect.NEW_CONNECTIONS,
            "What the compressors and decompressors of single sessions may take, for each reactor; beyond it, takeover is declined.");
    static final ConfigKey IDLE = ConfigKey.number(PREFIX + "idle", Type.DURATION, 10_000, 1, 86_400_000, Effect.NEW_CONNECTIONS,
            "A session that has been quiet for so long gives this memory back.");

    /** All keys in the order of the table in the README. */
    static final List<ConfigKey> KEYS = List.of(ENABLED, LEVEL, MEMORY_LEVEL, MIN, OWN_TAKEOVER, PEER_TAKEOVER, OWN_BITS, PEER_BITS, MEMORY,
            IDLE);

    /**
     * Reads the settings.
     *
     * @param properties values by key; a missing one has its default
     * @throws IllegalArgumentException if one is not allowed
     */
    static DeflateSettings of(Map<String, String> properties) {
        return new DeflateSettings(flag(properties, ENABLED), (int) number(properties, LEVEL), (int) number(properties, MEMORY_LEVEL),
                (int) number(properties, MIN), flag(properties, OWN_TAKEOVER), flag(properties, PEER_TAKEOVER),
                (int) number(properties, OWN_BITS), (int) number(properties, PEER_BITS), number(properties, MEMORY),
                number(properties, IDLE) * NS_PER_MS);
    }

    private static long number(Map<String, String> properties, ConfigKey key) {
        return (Long) value(properties, key);
    }

    private static boolean flag(Map<String, String> properties, ConfigKey key) {
        return (Boolean) value(properties, key);
    }

    private static Object value(Map<String, String> properties, ConfigKey key) {
        String text = properties.get(key.name());
        return text == null ? key.defaultValue() : key.parse(text);
    }

    /** Memory that one session of its own may take, so long as it is not idle. */
    int sessionBytes(DeflateParameters agreed) {
        return (agreed.ownTakeover() ? Compressor.memoryBytes(agreed.ownBits(), memoryLevel) : 0)
                + (agreed.peerTakeover() ? Decompressor.memoryBytes(agreed.peerBits()) : 0);
    }
}
