package io.hioload.bench.servers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetSocketAddress;

/** Netty: frames go back as they came, one flush for what one read brought. Argument: epoll or io_uring. */
final class NettyEcho {

    private static final int MAX_MESSAGE_BYTES = 16 << 20;

    private NettyEcho() {
    }

    /** Echoes frames without a copy. */
    private static final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof TextWebSocketFrame text) {
                context.write(new TextWebSocketFrame(text.isFinalFragment(), text.rsv(), text.content()), context.voidPromise());
            } else if (message instanceof BinaryWebSocketFrame binary) {
                context.write(new BinaryWebSocketFrame(binary.isFinalFragment(), binary.rsv(), binary.content()), context.voidPromise());
            } else {
                context.fireChannelRead(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    public static void main(String[] arguments) throws Exception {
        boolean ring = arguments[0].equals("io_uring");
        IoHandlerFactory io = ring ? IoUringIoHandler.newFactory() : EpollIoHandler.newFactory();
        Class<? extends ServerChannel> type = ring ? IoUringServerSocketChannel.class : EpollServerSocketChannel.class;
        WebSocketServerProtocolConfig protocol = WebSocketServerProtocolConfig.newBuilder().websocketPath("/").checkStartsWith(true)
                .decoderConfig(WebSocketDecoderConfig.newBuilder().maxFramePayloadLength(MAX_MESSAGE_BYTES).allowExtensions(false)
                        .withUTF8Validator(true).build())
                .dropPongFrames(true).build();
        Channel server = new ServerBootstrap().group(new MultiThreadIoEventLoopGroup(1, io)).channel(type)
                .option(ChannelOption.SO_BACKLOG, 4096).childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(8192),
                                new WebSocketServerProtocolHandler(protocol), new Echo());
                    }
                }).bind("127.0.0.1", 0).sync().channel();
        StandardInput.serve(((InetSocketAddress) server.localAddress()).getPort());
    }
}
