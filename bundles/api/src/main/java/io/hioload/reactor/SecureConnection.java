package io.hioload.reactor;

import java.security.cert.Certificate;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** A connection over TLS. Reactor thread only. */
@ProviderType
public interface SecureConnection extends Connection {

    /**
     * The version.
     *
     * @return such as {@code TLSv1.3}
     */
    String tlsProtocol();

    /**
     * The cipher suite.
     *
     * @return such as {@code TLS_AES_128_GCM_SHA256}
     */
    String cipherSuite();

    /**
     * What was agreed on by ALPN (RFC 7301).
     *
     * @return such as {@code http/1.1}; empty if nothing was
     */
    String applicationProtocol();

    /**
     * The host that the client asked for (SNI, RFC 6066, section 3).
     *
     * @return lower case as it came; empty if it asked for none
     */
    String serverName();

    /**
     * What the peer has proved to be.
     *
     * @return its own certificate first; empty if it has shown none
     */
    List<Certificate> peerCertificates();

    /**
     * Whether the handshake was shortened by an earlier session's secrets.
     *
     * @return true if resumed
     */
    boolean resumed();
}
