package io.hioload.itest.osgi;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A WebSocket client of /echo that offers compression, with context takeover, by the JDK's zlib. One thread. */
final class DeflatePeer implements AutoCloseable {

    private static final int DEADLINE_MS = 20_000;
    private static final int COMPRESSED_TEXT = 0xC1;
    private static final int CLOSE = 8;

    private final Socket socket;
    private final DataInputStream in;
    private final Deflater deflater = new Deflater(6, true);
    private final Inflater inflater = new Inflater(true);
    private final String head;

    DeflatePeer(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(DEADLINE_MS);
        in = new DataInputStream(socket.getInputStream());
        write(("GET /echo HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            text.append((char) in.readUnsignedByte());
        }
        head = text.toString();
    }

    private void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    boolean agreed() {
        return head.contains("Sec-WebSocket-Extensions: permessage-deflate");
    }

    /** Sends a text of 126 bytes or more compressed, and returns what comes back. */
    String echo(String text) throws IOException, DataFormatException {
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[message.length + 100];
        deflater.setInput(message);
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH) - 4;
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(COMPRESSED_TEXT);
        if (length < 126) {
            frame.write(0x80 | length);
        } else {
            frame.write(0x80 | 126);
            frame.write(length >> 8);
            frame.write(length);
        }
        frame.writeBytes(new byte[4]); // a mask that changes nothing
        frame.write(out, 0, length);
        write(frame.toByteArray());
        int first = in.readUnsignedByte();
        byte[] payload = payload();
        if (first != COMPRESSED_TEXT) {
            throw new IOException("frame " + first);
        }
        byte[] inflated = new byte[1 << 16];
        inflater.setInput(payload);
        int got = inflater.inflate(inflated);
        inflater.setInput(new byte[]{0, 0, -1, -1});
        got += inflater.inflate(inflated, got, inflated.length - got);
        return new String(inflated, 0, got, StandardCharsets.UTF_8);
    }

    private byte[] payload() throws IOException {
        int length = in.readUnsignedByte();
        return in.readNBytes(length == 126 ? in.readUnsignedShort() : length);
    }

    /** Waits for the server's close frame, and answers it. */
    int closeCode() throws IOException {
        int first = in.readUnsignedByte();
        byte[] payload = payload();
        if ((first & 0xF) != CLOSE) {
            throw new IOException("frame " + first);
        }
        write(new byte[]{(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, payload[0], payload[1]});
        return (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
    }

    /** Whether a ping is answered. */
    boolean isOpen() throws IOException {
        write(new byte[]{(byte) 0x89, (byte) 0x80, 0, 0, 0, 0});
        return in.readUnsignedByte() == 0x8A && payload().length == 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        deflater.end();
        inflater.end();
    }
}
