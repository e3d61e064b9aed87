package io.hioload.itest.clients;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Many WebSocket connections that each send a small message once a second and check its echo; a program of its own, since
 * it needs as many descriptors as the server. Arguments: port, connections, seconds. Ends with status 0 if nothing was lost
 * and prints one line of figures.
 *
 * <p>One thread and one selector. A message is one masked frame of 16 bytes: the connection's number and a count.
 */
final class EchoSwarm {

    private static final int FRAME_BYTES = 2 + 4 + 16;
    private static final int ECHO_BYTES = 2 + 16;
    private static final int HEAD_BYTES = 512;
    /** Handshakes under way at a time, fewer than the backlog of any system. */
    private static final int OPENING = 100;
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(15);

    private final byte[] request;
    private final InetSocketAddress server;
    private final Connection[] connections;
    private final Selector selector = Selector.open();
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
    private final ByteBuffer out = ByteBuffer.allocateDirect(FRAME_BYTES);
    private int started;
    private int open;
    private long sent;
    private long echoed;
    private long longestNs;

    /** One connection: what it waits for, and bytes of an answer that is not whole yet. */
    private static final class Connection {

        final int number;
        final ByteBuffer partial = ByteBuffer.allocate(HEAD_BYTES);
        SocketChannel channel;
        boolean open;
        long count;
        long sentNs;
        boolean waits;

        Connection(int number) {
            this.number = number;
        }
    }

    private EchoSwarm(int port, int count) throws IOException {
        server = new InetSocketAddress("127.0.0.1", port);
        request = ("GET /echo HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        connections = new Connection[count];
        for (int i = 0; i < count; i++) {
            connections[i] = new Connection(i);
        }
    }

    /**
     * Runs the swarm.
     *
     * @param arguments port, connections, seconds
     * @throws IOException if a connection is lost
     */
    public static void main(String[] arguments) throws IOException {
        EchoSwarm swarm = new EchoSwarm(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        long begin = System.nanoTime();
        swarm.openAll();
        System.out.println("open " + swarm.open + " after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " ms");
        swarm.echoFor(Integer.parseInt(arguments[2]));
        System.out.println("connections " + swarm.open + " sent " + swarm.sent + " echoed " + swarm.echoed + " longest "
                + TimeUnit.NANOSECONDS.toMillis(swarm.longestNs) + " ms");
        System.exit(swarm.sent == swarm.echoed && swarm.open == swarm.connections.length ? 0 : 1);
    }

    private void openAll() throws IOException {
        long lastProgressNs = System.nanoTime();
        int before = 0;
        while (open < connections.length) {
            while (started < connections.length && started - open < OPENING) {
                start(connections[started++]);
            }
            poll(100);
            if (open > before) {
                before = open;
                lastProgressNs = System.nanoTime();
            } else if (System.nanoTime() - lastProgressNs > QUIET_NS) {
                throw new IOException("only " + open + " connections opened");
            }
        }
    }

    private void start(Connection connection) throws IOException {
        connection.channel = SocketChannel.open();
        connection.channel.configureBlocking(false);
        connection.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        connection.channel.register(selector, SelectionKey.OP_CONNECT, connection);
        connection.channel.connect(server);
    }

    /** Spreads the messages of each second evenly over it. */
    private void echoFor(int seconds) throws IOException {
        long begin = System.nanoTime();
        long total = (long) seconds * connections.length;
        while (sent < total) {
            long due = Math.min(total, (System.nanoTime() - begin) * connections.length / SECOND_NS);
            while (sent < due) {
                Connection next = connections[(int) (sent % connections.length)];
                if (next.waits) {
                    if (System.nanoTime() - next.sentNs > QUIET_NS) {
                        throw new IOException("connection " + next.number + " lost echo " + next.count);
                    }
                    break; // the server is behind: take what it has first
                }
                send(next);
            }
            poll(1);
        }
        long end = System.nanoTime();
        while (echoed < sent && System.nanoTime() - end < QUIET_NS) {
            poll(10);
        }
    }

    private void send(Connection connection) throws IOException {
        connection.count++;
        connection.sentNs = System.nanoTime();
        connection.waits = true;
        // Mask 0: the payload is what it is.
        out.clear().put((byte) 0x82).put((byte) (0x80 | 16)).putInt(0).putLong(connection.number).putLong(connection.count).flip();
        if (connection.channel.write(out) != FRAME_BYTES) {
            throw new IOException("connection " + connection.number + " takes no more");
        }
        sent++;
    }

    private void poll(long timeoutMs) throws IOException {
        selector.select(key -> {
            try {
                ready(key, (Connection) key.attachment());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }, timeoutMs);
    }

    private void ready(SelectionKey key, Connection connection) throws IOException {
        if (key.isConnectable()) {
            connection.channel.finishConnect();
            key.interestOps(SelectionKey.OP_READ);
            connection.channel.write(ByteBuffer.wrap(request));
            return;
        }
        if (connection.channel.read(in.clear()) < 0) {
            throw new IOException("connection " + connection.number + " was closed by the server after " + connection.count + " messages");
        }
        connection.partial.put(in.flip()).flip();
        if (!connection.open && headEnded(connection.partial)) {
            connection.open = true;
            open++;
        }
        while (connection.open && connection.partial.remaining() >= ECHO_BYTES) {
            echo(connection);
        }
        connection.partial.compact();
    }

    private static boolean headEnded(ByteBuffer bytes) throws IOException {
        for (int i = 0; i + 4 <= bytes.limit(); i++) {
            if (bytes.order(ByteOrder.BIG_ENDIAN).getInt(i) == 0x0d0a0d0a) {
                if (bytes.get(9) != '1' || bytes.get(10) != '0' || bytes.get(11) != '1') {
                    throw new IOException("refused: " + StandardCharsets.US_ASCII.decode(bytes));
                }
                bytes.position(i + 4);
                return true;
            }
        }
        return false;
    }

    private void echo(Connection connection) throws IOException {
        ByteBuffer frame = connection.partial;
        if (frame.getShort() != (short) 0x8210 || frame.getLong() != connection.number || frame.getLong() != connection.count) {
            throw new IOException("connection " + connection.number + " got something else than echo " + connection.count);
        }
        connection.waits = false;
        longestNs = Math.max(longestNs, System.nanoTime() - connection.sentNs);
        echoed++;
    }
}
