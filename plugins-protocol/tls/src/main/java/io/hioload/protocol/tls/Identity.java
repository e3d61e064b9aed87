package io.hioload.protocol.tls;

import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Who a server or client proves to be: a certificate chain, its own first, and the key. Immutable; any thread. */
final class Identity {

    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    private final String source;
    private final PrivateKey key;
    private final X509Certificate[] chain;
    private final Set<String> names;

    /**
     * Takes the parts.
     *
     * @param source where they come from, for a person
     */
    Identity(String source, PrivateKey key, X509Certificate[] chain) throws GeneralSecurityException {
        this.source = source;
        this.key = key;
        this.chain = chain.clone();
        this.names = namesIn(chain[0]);
    }

    private static Set<String> namesIn(X509Certificate certificate) throws GeneralSecurityException {
        Set<String> found = new TreeSet<>();
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            for (List<?> name : alternatives) {
                if (name.get(0) instanceof Integer type && (type == DNS || type == ADDRESS)) {
                    found.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        }
        return found;
    }

    /**
     * Tries whether the key is that of the certificate.
     *
     * @return true if a signature by it verifies
     */
    boolean belongsTogether() {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "RSASSA-PSS" -> null;
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        if (algorithm == null) {
            return true;
        }
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(chain[0].getSerialNumber().toByteArray());
            byte[] signed = signature.sign();
            signature.initVerify(chain[0].getPublicKey());
            signature.update(chain[0].getSerialNumber().toByteArray());
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Whether the certificate is for a host (RFC 9525, section 6.3: a wildcard is a whole first label). */
    boolean isFor(String host) {
        if (names.contains(host)) {
            return true;
        }
        int dot = host.indexOf('.');
        return dot > 0 && names.contains("*" + host.substring(dot));
    }

    /** Whether it is for all of these names and addresses, and for no other. */
    boolean isForAll(List<String> hosts) {
        return names.size() == hosts.size() && hosts.stream().allMatch(host -> names.contains(canonical(host)));
    }

    /** As certificates' names are shown by the JDK: lower case, IPv6 addresses in full. */
    private static String canonical(String name) {
        try {
            return InetAddress.ofLiteral(name).getHostAddress();
        } catch (IllegalArgumentException e) {
            return name.toLowerCase(Locale.ROOT);
        }
    }

    boolean hasNamesOf(Identity other) {
        return names.equals(other.names);
    }

    PrivateKey key() {
        return key;
    }

    X509Certificate[] chain() {
        return chain.clone();
    }

    /** Its algorithm, as key managers call it. */
    String keyType() {
        return chain[0].getPublicKey().getAlgorithm();
    }

    /** SHA-256 of the certificate, as browsers show it. */
    String fingerprint() {
        try {
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded()));
        } catch (GeneralSecurityException e) {
            return e.toString();
        }
    }

    @Override
    public String toString() {
        return source + " " + names + " until " + chain[0].getNotAfter().toInstant();
    }
}
