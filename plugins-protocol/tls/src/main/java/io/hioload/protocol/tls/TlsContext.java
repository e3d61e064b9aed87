package io.hioload.protocol.tls;

import io.hioload.protocol.Role;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;

/**
 * Makes the engines of connections, all by the same settings and over the same cache of sessions. Any thread. Its identities can
 * be replaced; everything else is another context, which resumes no session of this one.
 */
final class TlsContext {

    private static final Set<String> KNOWN_PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");

    private final TlsSettings settings;
    private final KeyMaterial material;
    private final SSLContext context;
    private final CertificateChooser chooser;
    private final SSLParameters parameters;
    private final long handshakeTimeoutNs;

    /**
     * Makes a context.
     *
     * @throws IllegalArgumentException if the settings do not fit the JDK, or each other
     */
    TlsContext(TlsSettings settings, KeyMaterial material) {
        this.settings = settings;
        this.material = material;
        this.chooser = new CertificateChooser(material.identities());
        this.handshakeTimeoutNs = settings.ns(TlsSettings.HANDSHAKE_TIMEOUT);
        try {
            context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[]{chooser}, peerCheck(), null);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(TlsProvider.NAME + " = true: the JDK refuses: " + e.getMessage(), e);
        }
        SSLSessionContext sessions = settings.role() == Role.SERVER ? context.getServerSessionContext() : context.getClientSessionContext();
        sessions.setSessionCacheSize(settings.number(TlsSettings.SESSION_CACHE));
        sessions.setSessionTimeout(settings.seconds(TlsSettings.SESSION_TIMEOUT));
        parameters = parameters();
    }

    private TrustManager[] peerCheck() throws GeneralSecurityException {
        if (settings.role() == Role.CLIENT) {
            return settings.flag(TlsSettings.INSECURE) ? PeerCheck.none() : PeerCheck.by(material.authorities());
        }
        String auth = settings.text(TlsSettings.CLIENT_AUTH);
        if (!auth.equals(TlsSettings.NONE) && material.authorities().isEmpty()) {
            throw settings.refused(TlsSettings.CLIENT_AUTH,
                    TlsSettings.CLIENT_CA.name() + " must say which authorities clients' certificates come from");
        }
        return PeerCheck.by(material.authorities());
    }

    private SSLParameters parameters() {
        SSLParameters made = context.getDefaultSSLParameters();
        List<String> protocols = settings.list(TlsSettings.PROTOCOLS);
        if (protocols.isEmpty() || !KNOWN_PROTOCOLS.containsAll(protocols)) {
            throw settings.refused(TlsSettings.PROTOCOLS, "allowed is TLSv1.3, TLSv1.2, or both");
        }
        made.setProtocols(protocols.toArray(String[]::new));
        List<String> ciphers = settings.list(TlsSettings.CIPHERS);
        if (!ciphers.isEmpty()) {
            Set<String> unknown = new TreeSet<>(ciphers);
            Arrays.asList(context.getSupportedSSLParameters().getCipherSuites()).forEach(unknown::remove);
            if (!unknown.isEmpty()) {
                throw settings.refused(TlsSettings.CIPHERS, "the JDK does not know " + String.join(", ", unknown));
            }
            made.setCipherSuites(ciphers.toArray(String[]::new));
        }
        made.setUseCipherSuitesOrder(true);
        made.setApplicationProtocols(settings.list(TlsSettings.ALPN).toArray(String[]::new));
        if (settings.role() == Role.CLIENT) {
            if (!settings.flag(TlsSettings.INSECURE)) {
                made.setEndpointIdentificationAlgorithm("HTTPS");
            }
        } else {
            switch (settings.text(TlsSettings.CLIENT_AUTH)) {
                case TlsSettings.NEED -> made.setNeedClientAuth(true);
                case TlsSettings.WANT -> made.setWantClientAuth(true);
                default -> made.setWantClientAuth(false);
            }
        }
        return made;
    }

    /** An engine of an accepted connection. */
    SSLEngine accepting() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** An engine of a connection to a host, by which sessions are found again too. */
    SSLEngine connecting(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        engine.setSSLParameters(parameters);
        if (isName(host)) {
            SSLParameters withName = engine.getSSLParameters();
            withName.setServerNames(List.of(new SNIHostName(host)));
            engine.setSSLParameters(withName);
        }
        return engine;
    }

    /** Addresses are not asked for by name (RFC 6066, section 3). */
    private static boolean isName(String host) {
        return host.indexOf(':') < 0 && !host.matches("[0-9.]+");
    }

    /** Goes on with other identities and the same sessions, if nothing else has changed; else false. */
    boolean replaceIdentities(KeyMaterial with) {
        if (!with.authorities().equals(material.authorities())) {
            return false;
        }
        chooser.replace(with.identities());
        return true;
    }

    List<Identity> identities() {
        return chooser.identities();
    }

    TlsSettings settings() {
        return settings;
    }

    long handshakeTimeoutNs() {
        return handshakeTimeoutNs;
    }
}
