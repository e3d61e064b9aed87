package io.hioload.protocol.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in a PEM file (RFC 7468). Text between the blocks, such as OpenSSL writes, is passed over. Cold.
 *
 * @param blocks in the order of the file
 */
record Pem(List<Block> blocks) {

    /** One block: what it is, such as {@code CERTIFICATE}, and its DER. */
    record Block(String label, byte[] der) {
    }

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\R(.*?)-----END \\1-----", Pattern.DOTALL);
    /** More is no certificate chain. */
    private static final long MAX_BYTES = 8L << 20;

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read, or is no PEM; the message says which and why
     */
    static Pem read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is too large for PEM");
        }
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            if (matcher.group(2).contains("DEK-Info")) {
                throw new IOException(file + ": keys in OpenSSL's old encryption cannot be read; convert it with openssl pkcs8 -topk8");
            }
            try {
                blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
            } catch (IllegalArgumentException e) {
                throw new IOException(file + ": " + matcher.group(1) + " is damaged: " + e.getMessage(), e);
            }
        }
        if (blocks.isEmpty()) {
            throw new IOException(file + " has no -----BEGIN …----- in it");
        }
        return new Pem(blocks);
    }

    /** The certificates in it. */
    X509Certificate[] certificates() throws GeneralSecurityException {
        List<X509Certificate> found = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (Block block : blocks) {
            if (block.label().endsWith("CERTIFICATE")) {
                found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
            }
        }
        return found.toArray(X509Certificate[]::new);
    }

    /** The first private key in it, or {@code null}. */
    Block privateKey() {
        return blocks.stream().filter(block -> block.label().endsWith("PRIVATE KEY")).findFirst().orElse(null);
    }
}
