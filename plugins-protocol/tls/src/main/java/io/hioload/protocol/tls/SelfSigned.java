package io.hioload.protocol.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Makes a certificate that vouches for itself (RFC 5280), with a new key on P-256, for trying out. Nobody trusts it but who
 * is told to. Cold: some milliseconds.
 */
final class SelfSigned {

    /** What browsers accept at the most of a certificate for public use is 398 days. */
    private static final int VALID_DAYS = 397;
    private static final int SERIAL_BITS = 126;
    private static final String ECDSA_SHA256 = "1.2.840.10045.4.3.2";
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int DNS_NAME = Der.IMPLICIT + 2;
    private static final int IP_ADDRESS = Der.IMPLICIT + 7;

    private SelfSigned() {
    }

    /**
     * Makes one.
     *
     * @param names host names and addresses, at least one
     */
    static Identity make(List<String> names) throws GeneralSecurityException {
        SecureRandom random = new SecureRandom();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        KeyPair keys = generator.generateKeyPair();
        byte[] algorithm = Der.sequence(Der.oid(ECDSA_SHA256));
        byte[] content = content(names, keys, algorithm, new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(content);
        byte[] certificate = Der.sequence(content, algorithm, Der.bits(signature.sign()));
        X509Certificate read = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate));
        return new Identity(TlsSettings.SELF_SIGNED, keys.getPrivate(), new X509Certificate[]{read});
    }

    private static byte[] content(List<String> names, KeyPair keys, byte[] algorithm, BigInteger serial) {
        Instant now = Instant.now();
        byte[] name = Der.sequence(Der.of(Der.SET, Der.sequence(Der.oid("2.5.4.3"), Der.text(Der.UTF8_STRING, "hioload, self-signed"))));
        byte[] validity = Der.sequence(Der.text(Der.UTC_TIME, UTC.format(now.minus(1, ChronoUnit.DAYS))),
                Der.text(Der.UTC_TIME, UTC.format(now.plus(VALID_DAYS, ChronoUnit.DAYS))));
        return Der.sequence(Der.of(Der.EXPLICIT, Der.integer(BigInteger.TWO)), Der.integer(serial), algorithm, name, validity, name,
                keys.getPublic().getEncoded(), Der.of(Der.EXPLICIT + 3, Der.sequence(extensions(names))));
    }

    private static byte[][] extensions(List<String> names) {
        byte[][] alternatives = names.stream().map(SelfSigned::alternative).toArray(byte[][]::new);
        // An end entity, as servers are; its key signs handshakes only.
        return new byte[][]{extension("2.5.29.19", true, Der.sequence()),
                extension("2.5.29.15", true, Der.of(Der.BIT_STRING, new byte[]{7, (byte) 0x80})),
                extension("2.5.29.37", false, Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"), Der.oid("1.3.6.1.5.5.7.3.2"))),
                extension("2.5.29.17", false, Der.sequence(alternatives))};
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        byte[] content = Der.of(Der.OCTET_STRING, value);
        return critical ? Der.sequence(Der.oid(oid), Der.flag(true), content) : Der.sequence(Der.oid(oid), content);
    }

    private static byte[] alternative(String name) {
        try {
            return Der.of(IP_ADDRESS, InetAddress.ofLiteral(name).getAddress());
        } catch (IllegalArgumentException e) {
            return Der.of(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
