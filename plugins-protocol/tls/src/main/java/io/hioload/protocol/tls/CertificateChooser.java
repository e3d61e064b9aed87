package io.hioload.protocol.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Chooses the identity of each handshake: the first whose certificate is for the name that the client asks for; else the first
 * of all, or one with the same names and another algorithm that the client can do. Identities can be replaced at any time; a
 * handshake that has chosen keeps what it chose. Any thread.
 */
final class CertificateChooser extends X509ExtendedKeyManager {

    /** Numbers are never used again, so an alias cannot come to mean another identity within a handshake. */
    private final AtomicLong numbers = new AtomicLong();
    private final Map<String, Identity> byAlias = new ConcurrentHashMap<>();
    /** Those before the present ones: handshakes may still ask for them. */
    private List<String> replaced = List.of();
    private volatile List<String> aliases = List.of();

    CertificateChooser(List<Identity> identities) {
        replace(identities);
    }

    /** From the next handshake on. */
    synchronized void replace(List<Identity> identities) {
        List<String> now = new ArrayList<>();
        for (Identity identity : identities) {
            String alias = Long.toString(numbers.incrementAndGet());
            byAlias.put(alias, identity);
            now.add(alias);
        }
        replaced.forEach(byAlias::remove);
        replaced = aliases;
        aliases = List.copyOf(now);
    }

    /** The present ones. */
    List<Identity> identities() {
        return aliases.stream().map(byAlias::get).toList();
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return choose(List.of(keyType), requestedName(engine));
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return choose(List.of(keyTypes), "");
    }

    private String choose(List<String> keyTypes, String host) {
        List<String> all = aliases;
        boolean known = !host.isEmpty() && all.stream().anyMatch(alias -> byAlias.get(alias).isFor(host));
        for (String alias : all) {
            Identity identity = byAlias.get(alias);
            boolean fits = known ? identity.isFor(host) : identity.hasNamesOf(byAlias.get(all.getFirst()));
            if (fits && keyTypes.stream().anyMatch(type -> matches(type, identity.keyType()))) {
                return alias;
            }
        }
        return null;
    }

    /** TLS 1.2 asks for such as EC_RSA: a key on a curve, signed by whom RSA is for. */
    private static boolean matches(String asked, String keyType) {
        int more = asked.indexOf('_');
        return asked.equals(keyType) || more > 0 && asked.substring(0, more).equals(keyType);
    }

    /** The name that the client asks for, in lower case; empty if for none. */
    static String requestedName(SSLEngine engine) {
        SSLSession session = engine == null ? null : engine.getHandshakeSession();
        return requestedName(session);
    }

    /** The name that the client asked for, in lower case; empty if for none. */
    static String requestedName(SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName().toLowerCase(Locale.ROOT);
                }
            }
        }
        return "";
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        Identity identity = byAlias.get(alias);
        return identity == null ? null : identity.chain();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        Identity identity = byAlias.get(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return aliases.toArray(String[]::new);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return aliases.toArray(String[]::new);
    }

    /** There are no sockets here. */
    @Override
    public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
        return null;
    }

    /** There are no sockets here. */
    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return null;
    }
}
