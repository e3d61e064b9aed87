package io.hioload.bench.servers;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocketFrame;
import java.util.concurrent.TimeUnit;

/** Vert.x: native epoll, no compression. */
final class VertxEcho {

    private static final int MAX_MESSAGE_BYTES = 16 << 20;

    private VertxEcho() {
    }

    private static boolean isData(WebSocketFrame frame) {
        return frame.isText() || frame.isBinary() || frame.isContinuation();
    }

    public static void main(String[] arguments) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        HttpServerOptions options = new HttpServerOptions().setHost("127.0.0.1").setPort(0).setAcceptBacklog(4096).setTcpNoDelay(true)
                .setPerMessageWebSocketCompressionSupported(false).setPerFrameWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize(MAX_MESSAGE_BYTES).setMaxWebSocketMessageSize(MAX_MESSAGE_BYTES);
        HttpServer server = vertx.createHttpServer(options).webSocketHandler(socket -> {
            socket.exceptionHandler(failure -> {
            });
            socket.frameHandler(frame -> {
                if (isData(frame)) {
                    socket.writeFrame(frame);
                }
            });
        }).listen().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        StandardInput.serve(server.actualPort());
    }
}
