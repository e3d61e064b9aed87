package io.hioload.protocol.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who the server proves to be, who its clients have to be, and what they agree on. */
class TlsIdentityTest {

    private static final SSLContext ANY = Certificates.client(null, null);

    @TempDir
    private Path folder;

    private static X509Certificate shown(SSLSocket socket) throws IOException {
        socket.startHandshake();
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    private static SSLSocket asking(TlsRig rig, SSLContext by, String host) throws IOException {
        SSLSocket socket = rig.connect(by);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(host == null ? List.of() : List.of(new SNIHostName(host)));
        socket.setSSLParameters(parameters);
        return socket;
    }

    @Test
    void shouldMakeItsOwnCertificateWhenNoneIsConfigured() throws Exception {
        try (TlsRig rig = new TlsRig("nio", Map.of()); SSLSocket socket = rig.connect(ANY)) {
            X509Certificate certificate = shown(socket);
            certificate.verify(certificate.getPublicKey());
            certificate.checkValidity();
            assertEquals(3, certificate.getSubjectAlternativeNames().size());
        }
    }

    @Test
    void shouldChooseTheCertificateByTheNameThatTheClientAsksFor() throws Exception {
        Identity first = Certificates.make("a.example");
        Identity second = Certificates.make("b.example", "*.b.example");
        Path a = Certificates.write(folder.resolve("a.pem"), first);
        Path b = Certificates.write(folder.resolve("b.pem"), second);
        try (TlsRig rig = new TlsRig("nio", Map.of("tls.certificate", a + ", " + b))) {
            Map<String, Identity> expected = new HashMap<>(Map.of("a.example", first, "b.example", second, "x.b.example", second,
                    "x.y.b.example", first, "other.example", first, "B.EXAMPLE", second));
            expected.put(null, first);
            for (Map.Entry<String, Identity> one : expected.entrySet()) {
                try (SSLSocket socket = asking(rig, Certificates.client(null, null), one.getKey())) {
                    assertEquals(one.getValue().chain()[0], shown(socket), one.getKey());
                }
            }
            TlsRig.await(() -> rig.handlers.stream().anyMatch(handler -> handler.opened.get() > 0), "a connection");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldTellTheHandlerWhoTheClientIsWhenItNeedsACertificate(String protocol) throws Exception {
        Identity server = Certificates.make("localhost");
        Identity known = Certificates.make("client.example");
        Identity stranger = Certificates.make("stranger.example");
        Map<String, String> settings = Map.of("tls.certificate", Certificates.write(folder.resolve("s.pem"), server).toString(),
                "tls.client.auth", "need", "tls.client.ca", Certificates.writeCertificate(folder.resolve("ca.pem"), known).toString());
        try (TlsRig rig = new TlsRig("nio", settings)) {
            try (SSLSocket socket = rig.connect(Certificates.client(server, known), protocol)) {
                TlsRig.echo(socket, new byte[]{1});
                assertEquals(known.chain()[0], rig.handlers.getFirst().connection.peerCertificates().getFirst());
            }
            for (Identity bad : new Identity[]{null, stranger}) {
                try (SSLSocket socket = rig.connect(Certificates.client(server, bad), protocol)) {
                    assertThrows(IOException.class, () -> TlsRig.echo(socket, new byte[]{1}));
                }
            }
            TlsRig.await(() -> rig.count("tls.handshakes.failed") == 2, "both are counted");
            assertEquals(1, rig.handlers.size());
        }
    }

    @Test
    void shouldGoOnWithoutACertificateWhenItOnlyWantsOne() throws Exception {
        Identity known = Certificates.make("client.example");
        try (TlsRig rig = new TlsRig("nio", Map.of("tls.client.auth", "want", "tls.client.ca",
                Certificates.writeCertificate(folder.resolve("ca.pem"), known).toString())); SSLSocket socket = rig.connect(ANY)) {
            TlsRig.echo(socket, new byte[]{1});
            assertTrue(rig.handlers.getFirst().connection.peerCertificates().isEmpty());
        }
    }

    @Test
    void shouldAgreeOnAnApplicationProtocol() throws Exception {
        try (TlsRig rig = new TlsRig("nio", Map.of("tls.alpn", "custom/1, http/1.1"))) {
            for (String[] offered : new String[][]{{"http/1.1", "custom/1"}, {"h2", "http/1.1"}, {}}) {
                try (SSLSocket socket = rig.connect(ANY)) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setApplicationProtocols(offered);
                    socket.setSSLParameters(parameters);
                    TlsRig.echo(socket, new byte[]{1});
                    String expected = offered.length == 0 ? "" : offered[1];
                    assertEquals(expected, socket.getApplicationProtocol());
                    assertEquals(expected, rig.handlers.getLast().connection.applicationProtocol());
                }
            }
            try (SSLSocket socket = rig.connect(ANY)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setApplicationProtocols(new String[]{"h2"});
                socket.setSSLParameters(parameters);
                assertThrows(SSLException.class, socket::startHandshake);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldResumeWhenTheClientComesBack(String protocol) throws Exception {
        SSLContext clients = Certificates.client(null, null);
        try (TlsRig rig = new TlsRig("nio", Map.of())) {
            for (int i = 0; i < 3; i++) {
                try (SSLSocket socket = rig.connect(clients, protocol)) {
                    TlsRig.echo(socket, new byte[]{1}); // reads the ticket too
                    assertEquals(i > 0, rig.handlers.get(i).connection.resumed());
                }
            }
            assertEquals(2, rig.count("tls.handshakes.resumed"));
            assertEquals(3, rig.count("tls.handshakes"));
        }
    }

    @Test
    void shouldServeTheNewCertificateWithoutDroppingAnybodyWhenTheFilesChange() throws Exception {
        Identity before = Certificates.make("localhost");
        Identity after = Certificates.make("localhost");
        Path file = Certificates.write(folder.resolve("server.pem"), before);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger failures = new AtomicInteger();
        AtomicInteger echoes = new AtomicInteger();
        try (TlsRig rig = new TlsRig("nio", Map.of("tls.certificate", file.toString(), "tls.reload", "20ms"))) {
            Thread load = Thread.ofPlatform().start(() -> {
                try (SSLSocket socket = rig.connect(ANY)) {
                    while (!stop.get()) {
                        TlsRig.echo(socket, new byte[]{1});
                        echoes.incrementAndGet();
                    }
                } catch (IOException e) {
                    failures.incrementAndGet();
                }
            });
            TlsRig.await(() -> echoes.get() > 10, "load");
            try (SSLSocket socket = rig.connect(Certificates.client(before, null))) {
                assertEquals(before.chain()[0], shown(socket));
            }
            // What is half written, or of another certificate, is not taken.
            Files.writeString(file, "-----BEGIN CERTIFICATE-----\n");
            int atBad = echoes.get();
            TlsRig.await(() -> echoes.get() > atBad + 50, "load goes on");
            try (SSLSocket socket = rig.connect(Certificates.client(before, null))) {
                assertEquals(before.chain()[0], shown(socket));
            }
            Files.move(Certificates.write(folder.resolve("next.pem"), after), file, StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
            TlsRig.await(() -> {
                try (SSLSocket socket = rig.connect(Certificates.client(null, null))) {
                    return shown(socket).equals(after.chain()[0]);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }, "the new certificate");
            int atNew = echoes.get();
            TlsRig.await(() -> echoes.get() > atNew + 50, "load goes on");
            stop.set(true);
            load.join();
            assertEquals(0, failures.get());
            assertFalse(rig.handlers.isEmpty());
        }
    }

    @Test
    void shouldStillResumeWhenTheSameCertificateIsLoadedAgain() throws Exception {
        Identity same = Certificates.make("localhost");
        Path file = Certificates.write(folder.resolve("server.pem"), same);
        SSLContext clients = Certificates.client(null, null);
        Map<String, String> settings = Map.of("tls.certificate", file.toString(), "tls.reload", "0");
        try (TlsRig rig = new TlsRig("nio", settings)) {
            try (SSLSocket socket = rig.connect(clients)) {
                TlsRig.echo(socket, new byte[]{1});
            }
            Certificates.write(file, same);
            rig.stage.prepare(settings).run();
            try (SSLSocket socket = rig.connect(clients)) {
                TlsRig.echo(socket, new byte[]{1});
            }
            assertEquals(1, rig.count("tls.handshakes.resumed"));
        }
    }

    @Test
    void shouldChangeWhomItTrustsForNewConnectionsWhenTheSettingsDo() throws Exception {
        Identity known = Certificates.make("client.example");
        try (TlsRig rig = new TlsRig("nio", Map.of()); SSLSocket open = rig.connect(ANY)) {
            TlsRig.echo(open, new byte[]{1});
            rig.stage.prepare(Map.of("tls.client.auth", "need", "tls.client.ca",
                    Certificates.writeCertificate(folder.resolve("ca.pem"), known).toString())).run();
            try (SSLSocket socket = rig.connect(ANY)) {
                assertThrows(IOException.class, () -> TlsRig.echo(socket, new byte[]{1}));
            }
            try (SSLSocket socket = rig.connect(Certificates.client(null, known))) {
                TlsRig.echo(socket, new byte[]{1});
            }
            TlsRig.echo(open, new byte[]{2});
        }
    }
}
