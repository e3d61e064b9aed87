package io.hioload.itest.osgi;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.inject.Inject;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;

/** The TLS plugin goes while a server serves with it, and comes back. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class TlsPluginIT {

    private static final String TLS_BUNDLE = "io.hioload.protocol.tls";

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    @Configuration
    public Option[] container() {
        return Provisioning.allBut();
    }

    @Test
    public void shouldNotListenWhileThePluginIsAway() throws Exception {
        Servers servers = new Servers(context, admin);
        try {
            int port = servers.start("secure", Map.of("tls", "true"));
            assertEquals("HTTP/1.1 404", statusOver(port));
            Bundle tls = bundle();
            tls.stop();
            Await.until("nobody listens", () -> !listens(port));
            tls.start();
            Await.until("it listens again", () -> listens(port));
            assertEquals("HTTP/1.1 404", statusOver(port));
        } finally {
            servers.stopAll();
        }
    }

    private Bundle bundle() {
        for (Bundle bundle : context.getBundles()) {
            if (TLS_BUNDLE.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        throw new AssertionError(TLS_BUNDLE + " is not installed");
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private static String statusOver(int port) throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[]{new Anyone()}, null);
        try (SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes("US-ASCII"));
            return new String(socket.getInputStream().readNBytes(12), "US-ASCII");
        }
    }

    private static final class Anyone implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            // anyone
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // anyone
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
