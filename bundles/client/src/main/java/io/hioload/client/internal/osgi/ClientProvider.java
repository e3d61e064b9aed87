package io.hioload.client.internal.osgi;

import io.hioload.affinity.Affinity;
import io.hioload.buffer.BufferPoolProvider;
import io.hioload.client.ClientBuilder;
import io.hioload.client.WebSocketClient;
import io.hioload.client.WebSocketClientProvider;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.MessageExtensionProvider;
import io.hioload.reactor.ConnectionStageProvider;
import io.hioload.reactor.ReactorProvider;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.transport.TransportProvider;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ServiceScope;

/** Clients for one bundle, on the transports that are there when it opens them. Any thread. */
@Component(scope = ServiceScope.BUNDLE)
public final class ClientProvider implements WebSocketClientProvider {

    private final BufferPoolProvider pools;
    private final ReactorProvider reactors;
    private final Affinity affinity;
    private final FrameCodecProvider codecs;
    private final List<TransportProvider> transports = new CopyOnWriteArrayList<>();
    private final List<MessageExtensionProvider> extensions = new CopyOnWriteArrayList<>();
    private final List<ConnectionStageProvider> stages = new CopyOnWriteArrayList<>();
    private final Set<WebSocketClient> clients = ConcurrentHashMap.newKeySet();

    /**
     * Made by Declarative Services.
     *
     * @param pools    makes memory
     * @param reactors makes event loops
     * @param affinity places threads
     * @param codecs   makes WebSocket codecs
     */
    @Activate
    public ClientProvider(@Reference BufferPoolProvider pools, @Reference ReactorProvider reactors, @Reference Affinity affinity,
            @Reference FrameCodecProvider codecs) {
        this.pools = pools;
        this.reactors = reactors;
        this.affinity = affinity;
        this.codecs = codecs;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addTransport(TransportProvider transport) {
        transports.add(transport);
    }

    void removeTransport(TransportProvider transport) {
        transports.remove(transport);
        closeAside(clients.stream().filter(client -> client.runsOn(transport)).toList());
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addExtension(MessageExtensionProvider extension) {
        extensions.add(extension);
        tellExtensions();
    }

    void removeExtension(MessageExtensionProvider extension) {
        extensions.remove(extension);
        tellExtensions();
    }

    /** For clients that are opened from then on. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addStage(ConnectionStageProvider stage) {
        stages.add(stage);
    }

    void removeStage(ConnectionStageProvider stage) {
        stages.remove(stage);
        closeAside(clients.stream().filter(client -> client.uses(stage)).toList());
    }

    private void tellExtensions() {
        List<MessageExtensionProvider> now = List.copyOf(extensions);
        clients.forEach(client -> client.extensions(now));
    }

    @Override
    public ClientBuilder builder() {
        clients.removeIf(WebSocketClient::isClosed);
        return ClientBuilder.over(new RuntimeProviders(transports, pools, reactors, affinity, codecs, extensions, stages), clients::add);
    }

    @Deactivate
    void deactivate() {
        closeAside(List.copyOf(clients));
    }

    /** Closing waits for peers, and SCR must not wait. */
    private static void closeAside(List<WebSocketClient> closing) {
        for (WebSocketClient client : closing) {
            Thread.ofPlatform().name("hioload-client-close").daemon(true).start(client::close);
        }
    }
}
