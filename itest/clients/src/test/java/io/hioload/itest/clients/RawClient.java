package io.hioload.itest.clients;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * A connection that sends whatever a test wants, whether a client may or not. One thread. Frames are masked with 0, so that
 * they are on the wire as they are here.
 */
final class RawClient implements AutoCloseable {

    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;

    private static final int FIN = 0x80;
    private static final int DEADLINE_MS = (int) TimeUnit.SECONDS.toMillis(20);

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;

    /** A frame that was received. */
    record Frame(int opcode, byte[] payload) {

        /** Of a close frame; 0 if there is none. */
        int code() {
            return payload.length < 2 ? 0 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }
    }

    RawClient(int port) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(DEADLINE_MS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DEADLINE_MS);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** Connects and opens a session at a path. */
    static RawClient open(int port, String path) throws IOException {
        RawClient client = new RawClient(port);
        client.open(upgrade(port, path, ""), "HTTP/1.1 101 ");
        return client;
    }

    /** The same with compression, which the server has to agree to. */
    static RawClient openCompressed(int port, String path) throws IOException {
        RawClient client = new RawClient(port);
        client.open(upgrade(port, path, "Sec-WebSocket-Extensions: permessage-deflate\r\n"), "permessage-deflate");
        return client;
    }

    private void open(String request, String expected) throws IOException {
        send(request);
        String head = head();
        if (!head.startsWith("HTTP/1.1 101 ") || !head.contains(expected)) {
            close();
            throw new IOException("refused: " + head);
        }
    }

    static String upgrade(int port, String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + headers + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    }

    static byte[] frame(int first, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 1 << 16) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.putInt(0).put(payload);
        return Arrays.copyOf(frame.array(), frame.position());
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    void send(String latin) throws IOException {
        send(latin.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(int opcode, byte[] payload) throws IOException {
        send(frame(FIN | opcode, payload));
    }

    /** Each byte in a segment of its own. */
    void sendBytewise(byte[] bytes) throws IOException {
        for (byte b : bytes) {
            out.write(b);
        }
    }

    /** Reads up to the empty line behind a head. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("ended behind " + head);
            }
            head.append((char) c);
        }
        return head.toString();
    }

    /** Everything up to the end, an orderly one. */
    String rest() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        in.transferTo(rest);
        return rest.toString(StandardCharsets.ISO_8859_1);
    }

    Frame frame() throws IOException {
        DataInputStream data = new DataInputStream(in);
        int opcode = data.readUnsignedByte() & 0xF;
        int length = data.readUnsignedByte();
        length = length == 126 ? data.readUnsignedShort() : length == 127 ? Math.toIntExact(data.readLong()) : length;
        byte[] payload = new byte[length];
        data.readFully(payload);
        return new Frame(opcode, payload);
    }

    /** Reads on to the close frame. Returns its code. */
    int closeCode() throws IOException {
        Frame frame = frame();
        while (frame.opcode() != CLOSE) {
            frame = frame();
        }
        return frame.code();
    }

    /** Ends it with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
