package io.hioload.server.internal;

import io.hioload.control.ConfigSnapshot;
import io.hioload.reactor.Listener;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Where to listen, and plain words for why that does not work. Any thread. */
final class ListenAddress {

    private ListenAddress() {
    }

    /**
     * The configured address.
     *
     * @throws IOException if the host has no address
     */
    static InetSocketAddress of(ConfigSnapshot config) throws IOException {
        String host = config.text(ServerSchema.HOST);
        try {
            return new InetSocketAddress(InetAddress.getByName(host), (int) config.number(ServerSchema.PORT));
        } catch (UnknownHostException e) {
            throw new IOException("host = " + host + ": no such host", e);
        }
    }

    /**
     * Refuses an address on which somebody listens. With SO_REUSEPORT the system would let two servers of one user share a
     * port and deal connections out between them (socket(7)), which is never what was meant; a bind without it, which is
     * undone at once, tells.
     *
     * @throws IOException if the address cannot be bound
     */
    static void checkFree(InetSocketAddress address) throws IOException {
        try (Socket trial = new Socket()) {
            trial.setReuseAddress(true);
            trial.bind(address);
        } catch (IOException e) {
            throw refused(address, e);
        }
    }

    /**
     * Waits for a listener.
     *
     * @throws IOException with address and reason if there is none
     */
    static Listener bound(InetSocketAddress address, CompletionStage<Listener> listening, long limitNs)
            throws IOException, InterruptedException {
        try {
            return listening.toCompletableFuture().get(limitNs, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw refused(address, e.getCause());
        } catch (TimeoutException e) {
            throw refused(address,
                    new BindException("no answer from the reactors within " + TimeUnit.NANOSECONDS.toSeconds(limitNs) + " s"));
        }
    }

    private static IOException refused(InetSocketAddress address, Throwable reason) {
        BindException refused = new BindException("cannot listen on " + text(address) + ": " + reason.getMessage());
        refused.initCause(reason);
        return refused;
    }

    /** Address and port as one writes them in a URL. */
    static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
