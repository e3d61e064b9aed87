package io.hioload.protocol.tls;

import io.hioload.control.ConfigKey;
import io.hioload.protocol.Role;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What is loaded from files: identities and authorities. Immutable; made cold.
 *
 * @param identities  the first is the one for clients that ask for no name, or for none of ours
 * @param authorities certificates that peers' certificates must come from; empty if none are configured
 */
record KeyMaterial(List<Identity> identities, List<X509Certificate> authorities) {

    private static final String FILE = "file:";

    /**
     * Loads all that settings name.
     *
     * @param own made once, for when a server has to vouch for itself; {@code null} if there is none yet
     * @throws IllegalArgumentException if something cannot be loaded; names key, value and why
     */
    static KeyMaterial load(TlsSettings settings, Identity own) {
        List<Identity> identities = new ArrayList<>();
        if (isSelfSigned(settings)) {
            identities.add(own);
        } else {
            fromPem(settings, identities);
        }
        fromKeystore(settings, identities);
        for (Identity identity : identities) {
            if (!identity.belongsTogether()) {
                throw settings.refused(TlsSettings.KEY, "the private key is not that of the certificate " + identity);
            }
        }
        return new KeyMaterial(List.copyOf(identities), authorities(settings));
    }

    /** Whether a server has to make a certificate of its own. */
    static boolean isSelfSigned(TlsSettings settings) {
        List<String> files = settings.list(TlsSettings.CERTIFICATE);
        return files.equals(List.of(TlsSettings.SELF_SIGNED)) || settings.role() == Role.SERVER && files.isEmpty()
                && settings.text(TlsSettings.KEYSTORE).isEmpty();
    }

    /** The files that a change of should be noticed. */
    static List<Path> files(TlsSettings settings) {
        List<Path> files = new ArrayList<>();
        for (ConfigKey key : List.of(TlsSettings.CERTIFICATE, TlsSettings.KEY, TlsSettings.KEYSTORE, authoritiesKey(settings))) {
            settings.list(key).stream().filter(name -> !name.equals(TlsSettings.SELF_SIGNED)).map(Path::of).forEach(files::add);
        }
        return files;
    }

    private static ConfigKey authoritiesKey(TlsSettings settings) {
        return settings.role() == Role.SERVER ? TlsSettings.CLIENT_CA : TlsSettings.CA;
    }

    private static void fromPem(TlsSettings settings, List<Identity> identities) {
        List<String> certificates = settings.list(TlsSettings.CERTIFICATE);
        List<String> keys = settings.list(TlsSettings.KEY);
        if (!keys.isEmpty() && keys.size() != certificates.size()) {
            throw settings.refused(TlsSettings.KEY,
                    "there are " + keys.size() + " keys, but " + certificates.size() + " in " + TlsSettings.CERTIFICATE.name());
        }
        char[] password = secret(settings, TlsSettings.KEY_PASSWORD);
        for (int i = 0; i < certificates.size(); i++) {
            String file = certificates.get(i);
            ConfigKey reading = TlsSettings.CERTIFICATE;
            try {
                Pem pem = Pem.read(Path.of(file));
                X509Certificate[] chain = pem.certificates();
                if (chain.length == 0) {
                    throw new IOException(file + " has no certificate in it");
                }
                reading = keys.isEmpty() ? reading : TlsSettings.KEY;
                Pem.Block key = (keys.isEmpty() ? pem : Pem.read(Path.of(keys.get(i)))).privateKey();
                if (key == null) {
                    throw new IOException((keys.isEmpty() ? file : keys.get(i)) + " has no private key in it");
                }
                identities.add(new Identity(file, PrivateKeys.of(key, password, chain[0].getPublicKey()), chain));
            } catch (IOException | GeneralSecurityException | InvalidPathException e) {
                throw settings.refused(reading, why(e));
            }
        }
    }

    private static void fromKeystore(TlsSettings settings, List<Identity> identities) {
        String file = settings.text(TlsSettings.KEYSTORE);
        if (file.isEmpty()) {
            return;
        }
        char[] password = secret(settings, TlsSettings.KEYSTORE_PASSWORD);
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            int before = identities.size();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias) && store.getKey(alias, password) instanceof PrivateKey key) {
                    Certificate[] chain = store.getCertificateChain(alias);
                    identities.add(new Identity(file + " " + alias, key, Arrays.copyOf(chain, chain.length, X509Certificate[].class)));
                }
            }
            if (identities.size() == before) {
                throw new IOException(file + " has no private key in it");
            }
        } catch (IOException | GeneralSecurityException | InvalidPathException e) {
            throw settings.refused(TlsSettings.KEYSTORE, why(e));
        }
    }

    private static List<X509Certificate> authorities(TlsSettings settings) {
        ConfigKey key = authoritiesKey(settings);
        List<X509Certificate> found = new ArrayList<>();
        for (String file : settings.list(key)) {
            try {
                List<X509Certificate> inFile = List.of(Pem.read(Path.of(file)).certificates());
                if (inFile.isEmpty()) {
                    throw new IOException(file + " has no certificate in it");
                }
                found.addAll(inFile);
            } catch (IOException | GeneralSecurityException | InvalidPathException e) {
                throw settings.refused(key, why(e));
            }
        }
        return List.copyOf(found);
    }

    private static char[] secret(TlsSettings settings, ConfigKey key) {
        String text = settings.text(key);
        if (!text.startsWith(FILE)) {
            return text.toCharArray();
        }
        try {
            return Files.readAllLines(Path.of(text.substring(FILE.length()))).stream().findFirst().orElse("").toCharArray();
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException(key.name() + " = " + text + ": " + why(e));
        }
    }

    private static String why(Exception e) {
        return e instanceof NoSuchFileException ? "there is no such file: " + e.getMessage()
                : e instanceof FileSystemException ? "cannot be read: " + e : String.valueOf(e.getMessage());
    }
}
