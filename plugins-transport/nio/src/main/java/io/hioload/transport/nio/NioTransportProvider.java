package io.hioload.transport.nio;

import io.hioload.transport.Availability;
import io.hioload.transport.Capability;
import io.hioload.transport.LoopContext;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportLoop;
import io.hioload.transport.TransportProvider;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import org.osgi.service.component.annotations.Component;

/**
 * The transport for every operating system. Any thread may call it; it holds nothing. Its loops cost one selector each
 * and, unlike the native transports', an object of the JDK for each connection.
 */
@Component(service = TransportProvider.class, property = TransportProvider.NAME_PROPERTY + "=" + NioTransportProvider.NAME)
public final class NioTransportProvider implements TransportProvider {

    /** The transport's name. */
    public static final String NAME = "nio";

    /** Makes the provider. */
    public NioTransportProvider() {
        // declared for its comment: DS and ServiceLoader make it
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int preference() {
        return 0;
    }

    @Override
    public long capabilities() {
        return Capability.DETACH | Capability.BLOCKING_POLL | (reusePortSpreads() ? Capability.REUSE_PORT : 0);
    }

    /** Only Linux spreads connections over the listeners; elsewhere one of them gets all. */
    private static boolean reusePortSpreads() {
        if (!System.getProperty("os.name", "").startsWith("Linux")) {
            return false;
        }
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            return channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String handleKind() {
        return ChannelHandles.KIND;
    }

    @Override
    public Availability availability() {
        try (Selector selector = Selector.open()) {
            return selector.isOpen() ? Availability.USABLE : Availability.unusable("a selector opens closed");
        } catch (IOException e) {
            return Availability.unusable("no selector: " + e.getMessage());
        }
    }

    @Override
    public TransportLoop open(LoopContext context) throws TransportException {
        try {
            return new NioLoop(context);
        } catch (IOException e) {
            throw new TransportException("no selector: " + e.getMessage(), e);
        }
    }

    @Override
    public void discard(long handle) {
        ChannelHandles.discard(handle);
    }
}
