package io.hioload.protocol.tls;

import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigKey.Effect;
import io.hioload.control.ConfigKey.Type;
import io.hioload.protocol.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a stage is made by. Immutable.
 *
 * @param role   which side
 * @param values by name of key; what was not given has its default
 */
record TlsSettings(Role role, Map<String, String> values) {

    /** Of {@link #CERTIFICATE}: makes its own. */
    static final String SELF_SIGNED = "self-signed";
    /** Of {@link #CLIENT_AUTH}. */
    static final String NONE = "none";
    /** Of {@link #CLIENT_AUTH}. */
    static final String WANT = "want";
    /** Of {@link #CLIENT_AUTH}. */
    static final String NEED = "need";

    private static final long NS_PER_MS = 1_000_000;
    private static final int MS_PER_S = 1000;

    static final ConfigKey CERTIFICATE = text("tls.certificate", "",
            "PEM files with a certificate and its chain, one for each identity; the client's name (SNI) chooses, else the first. "
                    + "Empty, without tls.keystore, or self-signed: a server makes one of its own, for trying out.");
    static final ConfigKey KEY = text("tls.key", "",
            "PEM files with the private keys, in the same order (PKCS#8, PKCS#1 or SEC1); empty if they are in the files of tls.certificate.");
    static final ConfigKey KEY_PASSWORD = text("tls.key.password", "",
            "Password of encrypted private keys, or file: and the path of a file that it is the first line of.");
    static final ConfigKey KEYSTORE = text("tls.keystore", "", "PKCS#12 file with more identities.");
    static final ConfigKey KEYSTORE_PASSWORD = text("tls.keystore.password", "",
            "Its password, or file: and the path of a file that it is the first line of.");
    static final ConfigKey SELF_SIGNED_NAMES = text("tls.self-signed.names", "localhost, 127.0.0.1, ::1",
            "Host names and addresses in a self-signed certificate.");
    static final ConfigKey CLIENT_AUTH = ConfigKey.text("tls.client.auth", NONE, Effect.NEW_CONNECTIONS,
            "Whether clients are asked for a certificate, and whether they need one.", NONE, WANT, NEED);
    static final ConfigKey CLIENT_CA = text("tls.client.ca", "",
            "PEM files with the authorities that clients' certificates must come from.");
    static final ConfigKey CA = text("tls.ca", "",
            "PEM files with the authorities that servers' certificates must come from; empty for those of the JDK.");
    static final ConfigKey INSECURE = ConfigKey.flag("tls.insecure", false, Effect.NEW_CONNECTIONS,
            "Accept any certificate with any name. For tests only.");
    static final ConfigKey PROTOCOLS = text("tls.protocols", "TLSv1.3, TLSv1.2", "Versions: TLSv1.3, TLSv1.2.");
    static final ConfigKey CIPHERS = text("tls.ciphers", "", "Cipher suites by the JDK's names, best first; empty for those of the JDK.");
    static final ConfigKey ALPN = text("tls.alpn", "http/1.1",
            "Application protocols, best first (RFC 7301); empty does without. A client that offers others only is refused.");
    static final ConfigKey HANDSHAKE_TIMEOUT = ConfigKey.number("tls.handshake.timeout", Type.DURATION, 10_000, 100, 600_000,
            Effect.NEW_CONNECTIONS, "Time that a handshake may take from the connection's opening on.");
    static final ConfigKey HANDSHAKE_STEPS = ConfigKey.number("tls.handshake.steps", Type.NUMBER, 64, 1, 1 << 20, Effect.LIVE,
            "Records of handshakes that a reactor handles in one turn; the rest waits behind live connections.");
    static final ConfigKey HANDSHAKE_THREADS = ConfigKey.number("tls.handshake.threads", Type.NUMBER, 0, 0, 1024, Effect.LIVE,
            "Threads for signatures and key exchange; 0 is half of the CPUs.");
    static final ConfigKey HANDSHAKE_QUEUE = ConfigKey.number("tls.handshake.queue", Type.NUMBER, 4096, 1, 1 << 20, Effect.RESTART,
            "Handshakes that may wait for these threads; a connection above that is reset.");
    static final ConfigKey SESSION_CACHE = ConfigKey.number("tls.session.cache", Type.NUMBER, 20_480, 1, 1 << 24, Effect.NEW_CONNECTIONS,
            "Sessions that are kept for resumption; those in tickets, which clients keep, are not counted.");
    static final ConfigKey SESSION_TIMEOUT = ConfigKey.number("tls.session.timeout", Type.DURATION, 3_600_000, 1000, 604_800_000,
            Effect.NEW_CONNECTIONS, "Time in which a session can be resumed.");
    static final ConfigKey RELOAD = ConfigKey.number("tls.reload", Type.DURATION, 10_000, 0, 86_400_000, Effect.LIVE,
            "How often the files are looked at; changed ones are loaded for new connections. 0 never.");

    /** The keys of servers, in the order of the table in the README. */
    static final List<ConfigKey> SERVER_KEYS = List.of(CERTIFICATE, KEY, KEY_PASSWORD, KEYSTORE, KEYSTORE_PASSWORD, SELF_SIGNED_NAMES,
            CLIENT_AUTH, CLIENT_CA, PROTOCOLS, CIPHERS, ALPN, HANDSHAKE_TIMEOUT, HANDSHAKE_STEPS, HANDSHAKE_THREADS, HANDSHAKE_QUEUE,
            SESSION_CACHE, SESSION_TIMEOUT, RELOAD);

    /** The keys of clients. */
    static final List<ConfigKey> CLIENT_KEYS = List.of(CA, INSECURE, CERTIFICATE, KEY, KEY_PASSWORD, KEYSTORE, KEYSTORE_PASSWORD,
            PROTOCOLS, CIPHERS, ALPN, HANDSHAKE_TIMEOUT, HANDSHAKE_STEPS, HANDSHAKE_THREADS, HANDSHAKE_QUEUE, SESSION_CACHE,
            SESSION_TIMEOUT, RELOAD);

    private static ConfigKey text(String name, String value, String description) {
        return ConfigKey.text(name, value, Effect.NEW_CONNECTIONS, description);
    }

    /**
     * Checks each value by its key.
     *
     * @throws IllegalArgumentException if one is not allowed
     */
    static TlsSettings of(Role role, Map<String, String> values) {
        for (ConfigKey key : role == Role.SERVER ? SERVER_KEYS : CLIENT_KEYS) {
            String value = values.get(key.name());
            if (value != null) {
                key.parse(value);
            }
        }
        return new TlsSettings(role, Map.copyOf(values));
    }

    String text(ConfigKey key) {
        return (String) value(key);
    }

    boolean flag(ConfigKey key) {
        return (Boolean) value(key);
    }

    int number(ConfigKey key) {
        return ((Long) value(key)).intValue();
    }

    long ns(ConfigKey key) {
        return (Long) value(key) * NS_PER_MS;
    }

    /** A duration in whole seconds, at least one. */
    int seconds(ConfigKey key) {
        return (int) Math.max(1, (Long) value(key) / MS_PER_S);
    }

    /** The parts of a list, which stand between commas. */
    List<String> list(ConfigKey key) {
        return Arrays.stream(text(key).split(",")).map(String::strip).filter(part -> !part.isEmpty()).toList();
    }

    private Object value(ConfigKey key) {
        String text = values.get(key.name());
        return text == null ? key.defaultValue() : key.parse(text);
    }

    /** That a key's value cannot be used. */
    IllegalArgumentException refused(ConfigKey key, String why) {
        return new IllegalArgumentException(key.name() + " = " + (isSecret(key) ? "…" : text(key)) + ": " + why);
    }

    private static boolean isSecret(ConfigKey key) {
        return key == KEY_PASSWORD || key == KEYSTORE_PASSWORD;
    }
}
