package io.hioload.protocol.tls;

import io.hioload.buffer.Buffer;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.SecureConnection;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends back what comes: small pieces gathered, large ones in a buffer of their own. */
final class EchoHandler implements ConnectionHandler {

    static final int LARGE = 8192;

    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    volatile SecureConnection connection;

    @Override
    public void onOpen(Connection open) {
        connection = (SecureConnection) open;
        opened.incrementAndGet();
    }

    @Override
    public void onReceive(Connection from, Buffer buffer, int offset, int length) {
        if (length >= LARGE) {
            if (from.send(buffer.retain(), offset, length) != 0) {
                buffer.release();
            }
            return;
        }
        Buffer target = from.claim(length);
        if (target != null) {
            target.memory().putBytes(from.claimOffset(), buffer.memory(), offset, length);
            from.commit(length);
        }
    }

    @Override
    public void onEndOfInput(Connection from) {
        ended.incrementAndGet();
        ConnectionHandler.super.onEndOfInput(from);
    }

    @Override
    public void onClosed(Connection from, int reason) {
        closed.incrementAndGet();
    }
}
