package io.hioload.protocol.tls;

import io.hioload.buffer.Buffer;
import io.hioload.reactor.Connection;
import io.hioload.transport.CloseMode;
import java.nio.charset.StandardCharsets;

/** How a connection ends that does not begin with a TLS record: what may be HTTP is answered. The reactor's thread; holds nothing. */
final class PlaintextRefusal {

    private static final byte[] ANSWER = ("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n"
            + "Content-Length: 29\r\n\r\nthis port speaks TLS: https:\n").getBytes(StandardCharsets.US_ASCII);

    private PlaintextRefusal() {
    }

    /**
     * Closes the connection, with an answer if that is of use and there is memory for it.
     *
     * @param first the byte that it began with
     */
    static void refuse(Connection raw, byte first) {
        Buffer target = first >= 'A' && first <= 'Z' ? raw.claim(ANSWER.length) : null;
        if (target == null) {
            raw.close(CloseMode.ABORT);
            return;
        }
        target.memory().putBytes(raw.claimOffset(), ANSWER);
        raw.commit(ANSWER.length);
        raw.close(CloseMode.FLUSH);
    }
}
