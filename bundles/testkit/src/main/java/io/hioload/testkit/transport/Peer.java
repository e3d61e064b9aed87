package io.hioload.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The other end of a connection: a plain blocking socket of the JDK, with a deadline on every read. One thread a direction. */
final class Peer implements AutoCloseable {

    private static final int CHUNK_BYTES = 64 << 10;

    final Socket socket;

    Peer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(LoopHarness.DEADLINE_SECONDS));
    }

    static Peer connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(address, (int) TimeUnit.SECONDS.toMillis(LoopHarness.DEADLINE_SECONDS));
        return new Peer(socket);
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Writes the pattern stream's bytes from one position to another. */
    void writePattern(long from, long to) throws IOException {
        for (long at = from; at < to; at += CHUNK_BYTES) {
            write(StreamPattern.at(at, (int) Math.min(CHUNK_BYTES, to - at)));
        }
    }

    byte[] read(int length) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(length);
        assertEquals(length, bytes.length, "bytes before the end of input");
        return bytes;
    }

    String readText(int length) throws IOException {
        return new String(read(length), StandardCharsets.ISO_8859_1);
    }

    /** Reads and checks the pattern stream's bytes from one position to another. */
    void readPattern(long from, long to) throws IOException {
        byte[] bytes = new byte[CHUNK_BYTES];
        for (long at = from; at < to;) {
            int n = socket.getInputStream().read(bytes, 0, (int) Math.min(CHUNK_BYTES, to - at));
            assertTrue(n > 0, "end of input at " + at + " of " + to);
            assertTrue(StreamPattern.matches(at, bytes, 0, n), "content differs behind " + at);
            at += n;
        }
    }

    /** Reads and checks the pattern stream's bytes until the end of input; gives back how many there were. */
    long readPatternToEnd() throws IOException {
        byte[] bytes = new byte[CHUNK_BYTES];
        long at = 0;
        for (int n; (n = socket.getInputStream().read(bytes)) >= 0; at += n) {
            assertTrue(StreamPattern.matches(at, bytes, 0, n), "content differs behind " + at);
        }
        return at;
    }

    /** One message there and back. */
    void echo(String text) throws IOException {
        write(text);
        assertEquals(text, readText(text.length()));
    }

    void assertEndOfInput() throws IOException {
        assertEquals(-1, socket.getInputStream().read(), "end of input");
    }

    /** Reads on until the reset shows; what was received before it may come first. */
    void assertReset() {
        assertThrows(SocketException.class, () -> {
            while (socket.getInputStream().read() >= 0) {
                // bytes that arrived before the reset
            }
        });
    }

    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes with RST. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
