package io.hioload.protocol.tls;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Identities for tests, in files and out of them. */
final class Certificates {

    static final char[] PASSWORD = "secret".toCharArray();

    private Certificates() {
    }

    static Identity make(String... names) {
        try {
            return SelfSigned.make(List.of(names));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    static String certificatePem(Identity identity) {
        try {
            return pem("CERTIFICATE", identity.chain()[0].getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Certificate and key in one file. */
    static Path write(Path file, Identity identity) throws IOException {
        return Files.writeString(file, certificatePem(identity) + pem("PRIVATE KEY", identity.key().getEncoded()));
    }

    static Path writeCertificate(Path file, Identity identity) throws IOException {
        return Files.writeString(file, certificatePem(identity));
    }

    static KeyStore keystore(Identity... identities) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < identities.length; i++) {
            store.setKeyEntry("id" + i, identities[i].key(), PASSWORD, identities[i].chain());
        }
        return store;
    }

    static Path writeKeystore(Path file, Identity... identities) throws GeneralSecurityException, IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            keystore(identities).store(out, PASSWORD);
        }
        return file;
    }

    /** What a client has: it trusts one identity, any if {@code null}, and shows its own unless that is {@code null}. */
    static SSLContext client(Identity trusted, Identity own) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(own == null ? keystore() : keystore(own), PASSWORD);
            context.init(keys.getKeyManagers(), trusted == null ? PeerCheck.none() : PeerCheck.by(List.of(trusted.chain()[0])), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
