package io.hioload.itest.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are not ours against the distribution with {@code tls = true}, whose own certificate they are told to trust. */
class TlsClientsIT {

    private static final String INSTALL = "Install OpenSSL's program (Debian: apt-get install openssl).";
    private static final String REQUEST = "printf 'GET /nowhere HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n'; sleep 1";

    @AutoClose
    private static Distribution server;
    private static String openssl;
    private static Path authority;

    @BeforeAll
    static void start() throws Exception {
        openssl = Command.path("openssl", "/usr/bin/openssl", INSTALL);
        server = Distribution.copy("tls");
        server.edit("default", "tls", "true");
        server.start();
        String shown = String.join("\n", openssl("-showcerts"));
        String end = "-----END CERTIFICATE-----";
        authority = Files.writeString(server.home().resolve("server.pem"),
                shown.substring(shown.indexOf("-----BEGIN CERTIFICATE-----"), shown.indexOf(end) + end.length()) + "\n");
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    private static List<String> openssl(String... arguments) throws Exception {
        String command = "(" + REQUEST + ") | " + openssl + " s_client -connect 127.0.0.1:" + server.port() + " -servername localhost "
                + String.join(" ", arguments);
        return Command.run(null, "The server behaves otherwise than expected.", "sh", "-c", command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void shouldSatisfyOpenssl(String version) throws Exception {
        String said = String.join("\n", openssl(version, "-CAfile", authority.toString(), "-verify_return_error", "-verify_hostname",
                "localhost", "-alpn", "h2,http/1.1"));
        assertTrue(said.contains("Verify return code: 0 (ok)"), said);
        assertTrue(said.contains("ALPN protocol: http/1.1"), said);
        assertTrue(said.contains("HTTP/1.1 404"), said);
    }

    @Test
    void shouldResumeWithOpenssl() throws Exception {
        List<String> said = openssl("-tls1_2", "-reconnect");
        assertEquals(5, said.stream().filter(line -> line.startsWith("Reused,")).count(), () -> String.join("\n", said));
    }

    @Test
    void shouldServePythonWebsockets() throws Exception {
        String python = Command.path("python", "/usr/bin/python3", PythonClientIT.INSTALL);
        File folder = new File(System.getProperty("itest.scripts"), "python");
        List<String> passed = Command.run(folder, "The server behaves otherwise than expected.", python, "client.py",
                "wss://localhost:" + server.port(), authority.toString());
        assertEquals(9, passed.stream().filter(line -> line.startsWith("passed ")).count(), passed::toString);
    }

    @Test
    void shouldServeTheJdksClient() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        try (HttpClient http = HttpClient.newBuilder().sslContext(trusting()).build()) {
            WebSocket socket = http.newWebSocketBuilder().buildAsync(URI.create("wss://localhost:" + server.port() + "/echo"),
                    new WebSocket.Listener() {
                        private final StringBuilder text = new StringBuilder();

                        @Override
                        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                            text.append(data);
                            if (last) {
                                answer.complete(text.toString());
                            }
                            from.request(1);
                            return null;
                        }
                    }).get(20, TimeUnit.SECONDS);
            String text = "over TLS, ".repeat(10_000);
            socket.sendText(text, true).join();
            assertEquals(text, answer.get(20, TimeUnit.SECONDS));
            socket.abort();
        }
    }

    private static SSLContext trusting() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(authority)) {
            Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
            store.setCertificateEntry("server", certificate);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
