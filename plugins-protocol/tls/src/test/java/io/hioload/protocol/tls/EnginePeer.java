package io.hioload.protocol.tls;

import io.hioload.testkit.reactor.FakeConnection;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** The other side of a fake connection: the JDK's engine, driven by hand. The test's thread. */
final class EnginePeer {

    private static final int ROOM = 64 << 10;

    final SSLEngine engine;
    final ByteArrayOutputStream plain = new ByteArrayOutputStream();
    private ByteBuffer input = ByteBuffer.allocate(0);
    boolean inputClosed;

    EnginePeer(SSLEngine engine) throws SSLException {
        this.engine = engine;
        engine.beginHandshake();
    }

    /** What the peer has to say now, its handshake only. */
    byte[] talk() throws SSLException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> {
                    if (!wrap(ByteBuffer.allocate(0), out)) {
                        return out.toByteArray();
                    }
                }
                default -> {
                    if (!unwrap()) {
                        return out.toByteArray();
                    }
                }
            }
        }
    }

    private boolean unwrap() throws SSLException {
        ByteBuffer target = ByteBuffer.allocate(ROOM);
        SSLEngineResult result = engine.unwrap(input, target);
        plain.write(target.array(), 0, target.position());
        inputClosed |= result.getStatus() == SSLEngineResult.Status.CLOSED;
        return result.bytesConsumed() > 0 || result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                || result.getHandshakeStatus() == HandshakeStatus.NEED_TASK;
    }

    private boolean wrap(ByteBuffer source, ByteArrayOutputStream out) throws SSLException {
        ByteBuffer target = ByteBuffer.allocate(ROOM);
        engine.wrap(source, target);
        out.write(target.array(), 0, target.position());
        return target.position() > 0;
    }

    /** Records with these bytes. */
    byte[] encrypt(byte[] bytes) throws SSLException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer source = ByteBuffer.wrap(bytes);
        do {
            if (!wrap(source, out)) {
                throw new SSLException("nothing is encrypted any more");
            }
        } while (source.hasRemaining());
        return out.toByteArray();
    }

    byte[] closeNotify() throws SSLException {
        engine.closeOutbound();
        return encrypt(new byte[0]);
    }

    /** Takes what the other side has sent. */
    void take(byte[] bytes) {
        ByteBuffer joined = ByteBuffer.allocate(input.remaining() + bytes.length);
        joined.put(input).put(bytes).flip();
        input = joined;
    }

    /** Takes what is on the wire and reads it; answers what the peer says to that. */
    byte[] read(FakeConnection connection) throws SSLException {
        take(connection.takeWire());
        return talk();
    }
}
