package io.hioload.bench.servers;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.xnio.Options;
import org.xnio.Pooled;

/** Undertow: the echo is asynchronous, from the I/O thread, with pooled buffers. */
final class UndertowEcho {

    private UndertowEcho() {
    }

    /** Echoes whole messages. */
    private static final class Echo extends AbstractReceiveListener {

        @Override
        protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
            WebSockets.sendText(message.getData(), channel, null);
        }

        @Override
        @SuppressWarnings("deprecation") // what the listener gets
        protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
            Pooled<ByteBuffer[]> data = message.getData();
            WebSockets.sendBinary(data.getResource(), channel, new WebSocketCallback<Void>() {
                @Override
                public void complete(WebSocketChannel to, Void nothing) {
                    data.free();
                }

                @Override
                public void onError(WebSocketChannel to, Void nothing, Throwable failure) {
                    data.free();
                }
            });
        }
    }

    public static void main(String[] arguments) throws Exception {
        WebSocketConnectionCallback connected = (exchange, channel) -> {
            channel.getReceiveSetter().set(new Echo());
            channel.resumeReceives();
        };
        Undertow server = Undertow.builder().addHttpListener(0, "127.0.0.1").setIoThreads(1).setWorkerThreads(1)
                .setServerOption(UndertowOptions.ALWAYS_SET_DATE, false).setSocketOption(Options.BACKLOG, 4096)
                .setSocketOption(Options.TCP_NODELAY, true).setHandler(Handlers.websocket(connected)).build();
        server.start();
        StandardInput.serve(((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort());
    }
}
