package io.hioload.transport.nio;

import io.hioload.transport.Status;
import io.hioload.transport.TransportEvents;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/** How connections to elsewhere are opened. The loop's thread only. Owns a channel until the table has it. */
final class NioConnects {

    private final TransportEvents events;
    private final NioTable table;

    NioConnects(TransportEvents events, NioTable table) {
        this.events = events;
        this.table = table;
    }

    /**
     * Begins to connect.
     *
     * @param id     names the connection
     * @param remote where to
     * @return OK if onConnect tells the outcome, now or later; else why nothing was begun
     */
    int begin(long id, SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress)) {
            return Status.NOT_SUPPORTED;
        }
        SocketChannel channel;
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException e) {
            return IoErrors.ofSetup(e);
        }
        NioConnection connection = new NioConnection(id, channel);
        try {
            connection.connecting = !channel.connect(remote);
        } catch (IOException e) {
            ChannelHandles.closeQuietly(channel);
            events.onConnect(id, IoErrors.ofSetup(e));
            return Status.OK;
        } catch (IllegalArgumentException e) {
            ChannelHandles.closeQuietly(channel);
            return IoErrors.ofSetup(e);
        }
        int status = table.add(connection);
        if (status != Status.OK) {
            ChannelHandles.closeQuietly(channel);
        } else if (!connection.connecting) {
            events.onConnect(id, Status.OK);
        }
        return status;
    }

    /**
     * Takes the outcome.
     *
     * @param connection whose key is ready
     * @return events delivered
     */
    int finish(NioConnection connection) {
        if (connection.gone) {
            return 0;
        }
        int status = Status.OK;
        try {
            if (!connection.channel.finishConnect()) {
                return 0;
            }
            connection.connecting = false;
            connection.updateInterest(false);
        } catch (IOException e) {
            status = IoErrors.ofSetup(e);
            table.remove(connection);
            ChannelHandles.closeQuietly(connection.channel);
        }
        events.onConnect(connection.id, status);
        return 1;
    }
}
