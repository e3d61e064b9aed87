package io.hioload.protocol.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSchema;
import io.hioload.protocol.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is loaded from which files, and what is said when it cannot be. */
class TlsSettingsTest {

    @TempDir
    private Path folder;

    private static KeyMaterial load(String... settings) {
        return KeyMaterial.load(settings(settings), null);
    }

    private static TlsSettings settings(String... settings) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            values.put(settings[i], settings[i + 1]);
        }
        return TlsSettings.of(Role.SERVER, values);
    }

    private void openssl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Path said = folder.resolve("openssl.out");
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(said.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), Files.readString(said));
    }

    static Stream<Arguments> keyForms() {
        return Stream.of(Arguments.of("RSA PRIVATE KEY", "rsa:2048", "rsa -traditional -in k.pem -out key.pem"),
                Arguments.of("PRIVATE KEY", "rsa:2048", "pkcs8 -topk8 -nocrypt -in k.pem -out key.pem"),
                Arguments.of("ENCRYPTED PRIVATE KEY", "rsa:2048", "pkcs8 -topk8 -passout pass:secret -in k.pem -out key.pem"),
                Arguments.of("EC PRIVATE KEY", "ec -pkeyopt ec_paramgen_curve:P-384", "ec -in k.pem -out key.pem"),
                Arguments.of("PRIVATE KEY", "ed25519", "pkcs8 -topk8 -nocrypt -in k.pem -out key.pem"));
    }

    @ParameterizedTest
    @MethodSource("keyForms")
    void shouldReadEveryFormOfPrivateKeyThatOpensslWrites(String label, String type, String convert) throws Exception {
        openssl(("req -x509 -nodes -days 2 -subj /CN=x -addext subjectAltName=DNS:x.example -keyout k.pem -out c.pem -newkey " + type)
                .split(" "));
        openssl(convert.split(" "));
        assertTrue(Files.readString(folder.resolve("key.pem")).contains("-----BEGIN " + label + "-----"));
        KeyMaterial material = load("tls.certificate", folder.resolve("c.pem").toString(), "tls.key", folder.resolve("key.pem").toString(),
                "tls.key.password", "secret");
        assertTrue(material.identities().getFirst().isFor("x.example"));
    }

    @Test
    void shouldReadAllIdentitiesOfAKeystoreBehindThoseOfPemFiles() throws Exception {
        Path pem = Certificates.write(folder.resolve("a.pem"), Certificates.make("a.example"));
        Path store = Certificates.writeKeystore(folder.resolve("more.p12"), Certificates.make("b.example"), Certificates.make("c.example"));
        Path password = Files.writeString(folder.resolve("password"), "secret\n");
        List<Identity> identities = load("tls.certificate", pem.toString(), "tls.keystore", store.toString(), "tls.keystore.password",
                "file:" + password).identities();
        assertEquals(3, identities.size());
        assertTrue(identities.get(0).isFor("a.example") && identities.get(1).isFor("b.example") && identities.get(2).isFor("c.example"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "tls.certificate | /nowhere/c.pem | there is no such file",
            "tls.keystore | /nowhere/k.p12 | there is no such file",
            "tls.client.ca | /nowhere/ca.pem | there is no such file",
            "tls.protocols | TLSv1.1 | allowed is TLSv1.3, TLSv1.2, or both",
            "tls.ciphers | ROT13 | the JDK does not know ROT13",
            "tls.client.auth | need | tls.client.ca must say which",
            "tls.client.auth | maybe | allowed is none | want | need",
            "tls.handshake.timeout | 1ms | allowed is a duration"})
    void shouldNameKeyValueAndReasonWhenItCannotBeUsed(String key, String value, String reason) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> new TlsProvider().open(Role.SERVER, "test", Map.of(key, value)).close());
        assertTrue(refused.getMessage().startsWith(key + " = " + value + ": "), refused.getMessage());
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    @Test
    void shouldRefuseAKeyOfAnotherCertificateAndShowNoPassword() throws Exception {
        Path one = Certificates.write(folder.resolve("one.pem"), Certificates.make("a.example"));
        Path other = Certificates.write(folder.resolve("other.pem"), Certificates.make("a.example"));
        String message = assertThrows(IllegalArgumentException.class,
                () -> load("tls.certificate", one.toString(), "tls.key", other.toString())).getMessage();
        assertTrue(message.contains("is not that of the certificate"), message);
        Path store = Certificates.writeKeystore(folder.resolve("k.p12"), Certificates.make("b.example"));
        message = assertThrows(IllegalArgumentException.class,
                () -> load("tls.keystore", store.toString(), "tls.keystore.password", "wrong-one")).getMessage();
        assertTrue(!message.contains("wrong-one"), message);
    }

    @Test
    void shouldParseEveryDefaultAsItIsShown() {
        for (Role role : Role.values()) {
            for (ConfigKey key : new TlsProvider().keys(role)) {
                assertEquals(key.defaultValue(), key.parse(key.defaultText()), key.name());
                assertTrue(key.name().startsWith("tls."), key.name());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"SERVER,server", "CLIENT,client"})
    void shouldDocumentEveryKey(Role role, String which) throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String begin = "<!-- options of a " + which + ": begin -->\n";
        String table = readme.substring(readme.indexOf(begin) + begin.length(), readme.indexOf("<!-- options of a " + which + ": end -->"));
        assertEquals(new ConfigSchema("x", "x", new TlsProvider().keys(role), config -> List.of()).markdown(), table);
    }
}
