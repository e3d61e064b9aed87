package io.hioload.itest.swap;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;

/** A WebSocket client without the handshake, in blocking calls: each method is for one thread. */
final class EchoPeer implements AutoCloseable {

    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PONG = 10;
    private static final int FIN = 0x80;

    final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final Random random;

    EchoPeer(InetSocketAddress address, long seed) throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        socket.connect(address, 30_000);
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream(), 1 << 16));
        out = socket.getOutputStream();
        random = new Random(seed);
    }

    byte[] payload(int length) {
        byte[] payload = new byte[length];
        random.nextBytes(payload);
        return payload;
    }

    /** Sends one message in up to three frames, cut into up to three writes at any place. */
    void sendCut(byte[] payload) throws IOException {
        int frames = 1 + random.nextInt(3);
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        int from = 0;
        for (int i = 0; i < frames; i++) {
            int to = i == frames - 1 ? payload.length : from + random.nextInt(payload.length - from + 1);
            all.write(frame((i == 0 ? BINARY : 0) | (i == frames - 1 ? FIN : 0), payload, from, to));
            from = to;
        }
        byte[] bytes = all.toByteArray();
        int first = random.nextInt(bytes.length);
        int second = first + random.nextInt(bytes.length - first);
        write(bytes, 0, first);
        Thread.yield();
        write(bytes, first, second);
        write(bytes, second, bytes.length);
    }

    void write(byte[] bytes, int from, int to) throws IOException {
        if (to > from) {
            out.write(bytes, from, to - from);
        }
    }

    byte[] message(byte[] payload) {
        return frame(BINARY | FIN, payload, 0, payload.length);
    }

    /** A masked frame, RFC 6455 section 5.2. */
    byte[] frame(int first, byte[] payload, int from, int to) {
        int length = to - from;
        int lengthBytes = length < 126 ? 0 : length < 1 << 16 ? 2 : 8;
        byte[] frame = new byte[2 + lengthBytes + 4 + length];
        frame[0] = (byte) first;
        frame[1] = (byte) (0x80 | (lengthBytes == 0 ? length : lengthBytes == 2 ? 126 : 127));
        for (int i = 0; i < lengthBytes; i++) {
            frame[2 + i] = (byte) ((long) length >>> 8 * (lengthBytes - 1 - i));
        }
        byte[] key = payload(4);
        System.arraycopy(key, 0, frame, 2 + lengthBytes, 4);
        for (int i = 0; i < length; i++) {
            frame[6 + lengthBytes + i] = (byte) (payload[from + i] ^ key[i & 3]);
        }
        return frame;
    }

    byte[] closeFrame(int code) {
        return frame(FIN | CLOSE, new byte[]{(byte) (code >> 8), (byte) code}, 0, 2);
    }

    /** The next frame, which is whole; its payload, or the code of a close frame as a negative number in an array of one. */
    byte[] receive() throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        if (first != (FIN | BINARY) && first != (FIN | CLOSE)) {
            throw new IOException("frame of " + Integer.toHexString(first));
        }
        return payload;
    }

    /** RFC 6455 section 5.5.3. */
    void expectPong(byte[] payload) throws IOException {
        int first = in.readUnsignedByte();
        byte[] received = new byte[in.readUnsignedByte()];
        in.readFully(received);
        if (first != (FIN | PONG) || !Arrays.equals(payload, received)) {
            throw new IOException("frame of " + Integer.toHexString(first) + ", " + received.length + " bytes, is not the pong");
        }
    }

    void expect(byte[] payload) throws IOException {
        byte[] received = receive();
        if (!Arrays.equals(payload, received)) {
            throw new IOException("corrupt: sent " + payload.length + " bytes, received " + received.length + ", differing at "
                    + Arrays.mismatch(payload, received));
        }
    }

    void expectEnd() throws IOException {
        try {
            throw new IOException("one byte more: " + in.readUnsignedByte());
        } catch (EOFException expected) {
            // as it should be
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
