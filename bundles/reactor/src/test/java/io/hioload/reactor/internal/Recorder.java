package io.hioload.reactor.internal;

import io.hioload.buffer.Buffer;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.transport.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A handler that writes down what happens and does what a test says. */
class Recorder implements ConnectionHandler {

    final List<String> events = new CopyOnWriteArrayList<>();
    volatile Connection connection;
    private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();

    void record(String event) {
        events.add(event);
        queue.add(event);
    }

    /** The next event that was not asked for yet. */
    String next() throws InterruptedException {
        String event = queue.poll(10, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("nothing happened for 10 s after " + events);
        }
        return event;
    }

    /** Writes text at the end of the cork. */
    static void write(Connection connection, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Buffer buffer = connection.claim(bytes.length);
        buffer.memory().putBytes(connection.claimOffset(), bytes);
        connection.commit(bytes.length);
    }

    /** A buffer of the connection's reactor with text in it. */
    static Buffer buffer(Connection connection, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Buffer buffer = connection.reactor().buffers().acquire(bytes.length);
        buffer.memory().putBytes(0, bytes);
        return buffer;
    }

    static void sendOwn(Connection connection, String text) {
        Buffer buffer = buffer(connection, text);
        if (connection.send(buffer, 0, text.length()) != Status.OK) {
            buffer.release();
        }
    }

    @Override
    public void onOpen(Connection opened) {
        connection = opened;
        record("open");
    }

    @Override
    public void onConnectFailed(int status) {
        record("failed " + Status.text(status));
    }

    @Override
    public void onReceive(Connection from, Buffer buffer, int offset, int length) {
        String text = buffer.memory().getStringWithoutLengthUtf8(offset, length);
        record("receive " + text);
        received(from, text);
    }

    void received(Connection from, String text) {
    }

    @Override
    public void onEndOfInput(Connection from) {
        record("end");
        ConnectionHandler.super.onEndOfInput(from);
    }

    @Override
    public void onWritable(Connection to) {
        record("writable");
    }

    @Override
    public void onTimeout(Connection late) {
        record("timeout");
        ConnectionHandler.super.onTimeout(late);
    }

    @Override
    public void onClosed(Connection closed, int reason) {
        record("closed " + Status.text(reason));
    }
}
