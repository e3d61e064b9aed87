package io.hioload.itest.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Many connections on one thread that send as little as they like, and count which of them the server has ended. */
final class Crowd implements AutoCloseable {

    /** Handshakes under way at a time, fewer than the backlog of any system. */
    private static final int OPENING = 100;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(30);

    private final Selector selector = Selector.open();
    private final List<SocketChannel> channels = new ArrayList<>();
    private final ByteBuffer in = ByteBuffer.allocate(4_096);
    private int connected;
    private int ended;

    Crowd() throws IOException {
    }

    /** Connects so many. */
    void connect(int port, int count) throws IOException {
        InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        long deadline = System.nanoTime() + DEADLINE_NS;
        int wanted = connected + count;
        while (connected < wanted) {
            while (channels.size() < wanted && channels.size() - connected < OPENING) {
                SocketChannel channel = SocketChannel.open();
                channels.add(channel);
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.register(selector, SelectionKey.OP_CONNECT);
                channel.connect(server);
            }
            look(100);
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("only " + connected + " of " + wanted + " connected");
            }
        }
    }

    /** Sends the same to every step-th of those that are still there; returns to how many. What is not taken is left. */
    int send(byte[] bytes, int step) throws IOException {
        int sent = 0;
        for (int i = 0; i < channels.size(); i += step) {
            if (channels.get(i).isOpen()) {
                try {
                    channels.get(i).write(ByteBuffer.wrap(bytes));
                    sent++;
                } catch (IOException reset) {
                    end(channels.get(i));
                }
            }
        }
        return sent;
    }

    /** Looks for so long at what the server does. */
    void look(long timeoutMs) throws IOException {
        selector.select(key -> {
            SocketChannel channel = (SocketChannel) key.channel();
            try {
                if (key.isConnectable()) {
                    channel.finishConnect();
                    key.interestOps(SelectionKey.OP_READ);
                    connected++;
                } else if (channel.read(in.clear()) < 0) {
                    end(channel);
                }
            } catch (IOException reset) {
                end(channel);
            }
        }, timeoutMs);
    }

    private void end(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ended++;
    }

    int ended() {
        return ended;
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
        selector.close();
    }
}
