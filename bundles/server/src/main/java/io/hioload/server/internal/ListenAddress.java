package io.hioload.server.internal;

import io.hioload.control.ConfigSnapshot;
import io.hioload.reactor.Listener;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Where to listen, and plain words for why that does not work. Any thread. */
final class ListenAddress {

    private ListenAddress() {
    }

    /** Whether a host can be listened on without asking anybody for its address: that would block who asks, for seconds. */
    static boolean isAllowed(String host) {
        try {
            addressOf(host);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static InetAddress addressOf(String host) {
        return host.equalsIgnoreCase("localhost") ? InetAddress.getLoopbackAddress() : InetAddress.ofLiteral(host);
    }

    /** The configured address. */
    static InetSocketAddress of(ConfigSnapshot config) {
        return new InetSocketAddress(addressOf(config.text(ServerSchema.HOST)), (int) config.number(ServerSchema.PORT));
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
     * Waits for a listener, and calls it off if that takes too long.
     *
     * @throws SocketTimeoutException if the reactors did not answer in time
     * @throws IOException            with address and reason if there is none
     */
    static Listener bound(InetSocketAddress address, CompletionStage<Listener> listening, long limitNs)
            throws IOException, InterruptedException {
        CompletableFuture<Listener> future = listening.toCompletableFuture();
        try {
            return future.get(limitNs, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw refused(address, e.getCause());
        } catch (TimeoutException e) {
            future.cancel(false);
            throw new SocketTimeoutException("cannot listen on " + text(address) + ": no answer from the reactors within "
                    + TimeUnit.NANOSECONDS.toSeconds(limitNs) + " s; does a handler block one?");
        } catch (InterruptedException e) {
            future.cancel(false);
            throw e;
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
