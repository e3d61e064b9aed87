package io.hioload.transport.iouring;

import static io.hioload.transport.iouring.ConnectionTable.CONNECTING;
import static io.hioload.transport.iouring.ConnectionTable.PAUSED;

import io.hioload.ffm.Errno;
import io.hioload.ffm.socket.SocketAddresses;
import io.hioload.ffm.socket.Sockets;
import io.hioload.transport.SendQueues;
import io.hioload.transport.Status;
import io.hioload.transport.TransportEvents;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * How connections come to a loop: accepted, connected, or adopted from another loop. The loop's thread only. From when it
 * is in the table, a descriptor is owned by {@link Connections}.
 */
final class Openings {

    private final TransportEvents events;
    private final Sockets sockets;
    private final Waits waits;
    private final Receives receives;
    private final ConnectionTable table;
    private final SendQueues queues;

    Openings(TransportEvents events, Sockets sockets, Waits waits, Receives receives, ConnectionTable table, SendQueues queues) {
        this.events = events;
        this.sockets = sockets;
        this.waits = waits;
        this.receives = receives;
        this.table = table;
        this.queues = queues;
    }

    int reserve(long id) {
        int before = table.slots();
        int status = table.reserve(id);
        if (table.slots() != before) {
            queues.grow(table.slots());
        }
        return status;
    }

    /** Serves a connection whose slot is reserved. */
    void open(long id, int fd) {
        table.put(id, fd, 0);
        receives.begin((int) id);
    }

    int adopt(long id, int fd, boolean paused) {
        int result = sockets.setNonBlocking(fd);
        int status = result < 0 ? Status.ofErrno(-result) : reserve(id);
        if (status == Status.OK && paused) {
            table.put(id, fd, PAUSED);
        } else if (status == Status.OK) {
            open(id, fd);
        }
        return status;
    }

    int connect(long id, SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress address)) {
            return Status.NOT_SUPPORTED;
        }
        if (address.isUnresolved()) {
            return Status.UNREACHABLE;
        }
        int status = reserve(id);
        if (status != Status.OK) {
            return status;
        }
        int family = SocketAddresses.family(address);
        int fd = sockets.socket(family);
        if (fd < 0) {
            return Status.ofErrno(-fd);
        }
        sockets.setOption(fd, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, 1);
        int result = sockets.connect(fd, address, family);
        if (result == -Errno.EINPROGRESS) {
            table.put(id, fd, CONNECTING);
            waits.awaitWritable((int) id);
        } else if (result < 0) {
            sockets.close(fd);
            events.onConnect(id, Status.ofErrno(-result));
        } else {
            open(id, fd);
            events.onConnect(id, Status.OK);
        }
        return Status.OK;
    }
}
