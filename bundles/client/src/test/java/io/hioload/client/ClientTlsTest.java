package io.hioload.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.reactor.RuntimeProviders;
import io.hioload.server.Hioload;
import io.hioload.server.HioloadServer;
import io.hioload.server.ServerBuilder;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code wss://} between our client and our server. */
class ClientTlsTest {

    private static final WebSocketHandler ECHO = (session, type, buffer, offset, length) -> session.send(type, buffer, offset, length);
    private static final String PASSWORD = "secret";

    @TempDir
    private static Path folder;

    @AutoClose
    private HioloadServer server;
    @AutoClose
    private WebSocketClient client;

    /** One for localhost, one for nobody here, one for clients. */
    @BeforeAll
    static void makeCertificates() throws Exception {
        make("server", "dns:localhost");
        make("elsewhere", "dns:elsewhere.example");
        make("someone", "dns:someone.example");
    }

    private static void make(String name, String alternative) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
                name, "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=" + alternative, "-storetype", "PKCS12", "-keystore",
                store.toString(), "-storepass", PASSWORD).redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile()).start();
        assertTrue(keytool.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, keytool.exitValue(), Files.readString(folder.resolve("out")));
        byte[] der = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()).getCertificate(name).getEncoded();
        Files.writeString(folder.resolve(name + ".pem"),
                "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END CERTIFICATE-----\n");
    }

    private static String file(String name) {
        return folder.resolve(name).toString();
    }

    private void start(String identity, Object... more) {
        ServerBuilder builder = Hioload.server().port(0).reactors(1).handle("/echo", ECHO).set("tls", true)
                .set("tls.keystore", file(identity + ".p12")).set("tls.keystore.password", PASSWORD);
        for (int i = 0; i < more.length; i += 2) {
            builder.set((String) more[i], more[i + 1]);
        }
        server = builder.start();
    }

    private void open(Object... settings) {
        ClientBuilder builder = WebSocketClient.builder();
        for (int i = 0; i < settings.length; i += 2) {
            builder.set((String) settings[i], settings[i + 1]);
        }
        client = builder.open();
    }

    private Session connect(Recorder heard) throws Exception {
        return client.connect("wss://localhost:" + server.port() + "/echo", heard);
    }

    @Test
    void shouldEchoWhenItTrustsTheAuthority() throws Exception {
        start("server");
        open("tls.ca", file("server.pem"));
        Recorder heard = new Recorder();
        Session session = connect(heard);
        for (int size : new int[]{0, 1, 16_383, 16_384, 16_385, 300_000}) {
            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes);
            session.send(MessageType.BINARY, new UnsafeBuffer(bytes), 0, size);
            assertArrayEquals(bytes, heard.binaries.poll(10, TimeUnit.SECONDS));
        }
        session.close(1000, "");
        assertEquals("open ", heard.next());
        assertEquals("close 1000 ", heard.next());
    }

    @Test
    void shouldResumeAndSayHowManyWhenItComesBack() throws Exception {
        start("server");
        open("tls.ca", file("server.pem"));
        for (int i = 0; i < 3; i++) {
            Recorder heard = new Recorder();
            Session session = connect(heard);
            session.sendText("x");
            assertEquals("open ", heard.next());
            assertEquals("text x", heard.next());
            session.close(1000, "");
            assertEquals("close 1000 ", heard.next());
        }
        assertEquals(2, client.reactors().getFirst().counters().read().get("tls.handshakes.resumed"));
    }

    @Test
    void shouldRefuseAServerThatNobodyVouchesFor() throws Exception {
        start("server");
        open();
        IOException refused = assertThrows(IOException.class, () -> connect(new Recorder()));
        assertTrue(refused.getMessage().startsWith("no TLS with localhost:"), refused.getMessage());
    }

    @Test
    void shouldRefuseAServerWithAnotherName() throws Exception {
        start("elsewhere");
        open("tls.ca", file("elsewhere.pem"));
        IOException refused = assertThrows(IOException.class, () -> connect(new Recorder()));
        assertTrue(refused.getMessage().contains("localhost"), refused.getMessage());
    }

    @Test
    void shouldAcceptAnybodyWhenATestSaysSo() throws Exception {
        start("elsewhere");
        open("tls.insecure", true);
        Recorder heard = new Recorder();
        connect(heard);
        assertEquals("open ", heard.next());
    }

    @Test
    void shouldShowItsOwnCertificateWhenTheServerNeedsOne() throws Exception {
        start("server", "tls.client.auth", "need", "tls.client.ca", file("someone.pem"));
        open("tls.ca", file("server.pem"), "tls.keystore", file("someone.p12"), "tls.keystore.password", PASSWORD);
        Recorder heard = new Recorder();
        connect(heard);
        assertEquals("open ", heard.next());
        try (WebSocketClient nobody = WebSocketClient.builder().set("tls.ca", file("server.pem")).open()) {
            assertThrows(IOException.class, () -> nobody.connect("wss://localhost:" + server.port() + "/echo", new Recorder()));
        }
    }

    @Test
    void shouldFailInTimeWhenTheServerSpeaksNoTls() throws Exception {
        server = Hioload.server().port(0).reactors(1).handle("/echo", ECHO).start();
        open("tls.insecure", true);
        IOException refused = assertThrows(IOException.class, () -> connect(new Recorder()));
        assertTrue(refused.getMessage().startsWith("no TLS with localhost:"), refused.getMessage());
        try (ServerSocket silent = new ServerSocket(0)) {
            ConnectOptions soon = ConnectOptions.DEFAULT.withTimeout(Duration.ofMillis(200));
            assertThrows(SocketTimeoutException.class,
                    () -> client.connect("wss://localhost:" + silent.getLocalPort() + "/", soon, new Recorder()));
        }
    }

    @Test
    void shouldSayWhatIsMissingWithoutTheBundle() throws Exception {
        RuntimeProviders parts = RuntimeProviders.load(ClientTlsTest.class.getClassLoader()).withStages(List.of());
        client = ClientBuilder.over(parts, opened -> {
        }).open();
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> client.connect("wss://localhost:1/", new Recorder()));
        assertTrue(refused.getMessage().contains("io.hioload.protocol.tls"), refused.getMessage());
    }

    @Test
    void shouldRefuseToOpenWhenAFileIsNotThere() {
        IllegalStateException refused = assertThrows(IllegalStateException.class,
                () -> WebSocketClient.builder().set("tls.ca", "/nowhere/ca.pem").open());
        assertTrue(refused.getMessage().contains("tls.ca = /nowhere/ca.pem: there is no such file"), refused.getMessage());
    }
}
