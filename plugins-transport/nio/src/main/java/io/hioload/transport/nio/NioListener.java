package io.hioload.transport.nio;

import io.hioload.transport.ListenOptions;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** One listening channel of a {@link NioLoop}, which alone touches it. */
final class NioListener {

    final int number;
    final ServerSocketChannel channel;
    final ListenOptions options;
    SelectionKey key;
    /** No longer in the table. */
    boolean gone;

    NioListener(int number, ServerSocketChannel channel, ListenOptions options) {
        this.number = number;
        this.channel = channel;
        this.options = options;
    }

    static NioListener bind(int number, SocketAddress local, ListenOptions options) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.configureBlocking(false);
            if (options.reusePort()) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            if (options.receiveBufferBytes() > 0) {
                // before bind: the window scale is settled in the handshake (RFC 7323, section 2.2)
                channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBufferBytes());
            }
            channel.bind(local, options.backlog());
            return new NioListener(number, channel, options);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Makes an accepted channel ready for a loop.
     *
     * @param accepted from {@link #channel}
     * @throws IOException if it broke meanwhile
     */
    void prepare(SocketChannel accepted) throws IOException {
        accepted.configureBlocking(false);
        if (options.noDelay()) {
            accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        if (options.sendBufferBytes() > 0) {
            accepted.setOption(StandardSocketOptions.SO_SNDBUF, options.sendBufferBytes());
        }
    }
}
