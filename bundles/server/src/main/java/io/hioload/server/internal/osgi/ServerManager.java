package io.hioload.server.internal.osgi;

import io.hioload.affinity.Affinity;
import io.hioload.buffer.BufferPoolProvider;
import io.hioload.control.ConfigMetatype;
import io.hioload.control.Control;
import io.hioload.control.Tracer;
import io.hioload.http.HttpHandler;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.MessageExtensionProvider;
import io.hioload.reactor.ConnectionStageProvider;
import io.hioload.reactor.ReactorProvider;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.server.internal.ManagedServer;
import io.hioload.server.internal.ServerSchema;
import io.hioload.transport.TransportProvider;
import io.hioload.websocket.Topics;
import io.hioload.websocket.WebSocketHandler;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ManagedServiceFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.MetaTypeProvider;
import org.osgi.service.metatype.ObjectClassDefinition;

/**
 * Where OSGi tells the server bundle of configurations, transports, endpoints and tracers. Any thread; each call only
 * hands over to the control thread and returns, so neither Config Admin's update thread nor SCR waits for a server.
 */
@Component(immediate = true, configurationPolicy = ConfigurationPolicy.IGNORE, service = {ManagedServiceFactory.class,
        MetaTypeProvider.class}, property = {"service.pid=" + ServerSchema.PID, "metatype.factory.pid=" + ServerSchema.PID})
public final class ServerManager implements ManagedServiceFactory, MetaTypeProvider {

    private final ControlThread control;
    private final ServerSet servers;
    /** Those whose keys are described; the servers' own list is the control thread's. */
    private final List<TransportProvider> described = new CopyOnWriteArrayList<>();
    private final List<MessageExtensionProvider> describedExtensions = new CopyOnWriteArrayList<>();
    private final List<ConnectionStageProvider> describedStages = new CopyOnWriteArrayList<>();
    /** Set by {@link #deactivate} itself, so that what is queued behind it does nothing. */
    private volatile boolean gone;

    /**
     * Made by Declarative Services.
     *
     * @param context        where running servers are registered
     * @param control        carries everything out
     * @param pools          makes memory
     * @param reactors       makes event loops
     * @param affinity       places threads
     * @param codecs         makes WebSocket codecs
     */
    @Activate
    public ServerManager(BundleContext context, @Reference ControlThread control,
            @Reference BufferPoolProvider pools, @Reference ReactorProvider reactors, @Reference Affinity affinity,
            @Reference FrameCodecProvider codecs) {
        this.control = control;
        this.servers = new ServerSet(new RuntimeProviders(List.of(), pools, reactors, affinity, codecs),
                (name, server) -> register(context, name, server));
    }

    private static Runnable register(BundleContext context, String name, ManagedServer server) {
        Hashtable<String, Object> properties = new Hashtable<>(Map.of(WebSocketHandler.SERVER_PROPERTY, name));
        ServiceRegistration<?> control = context.registerService(Control.class, server, properties);
        ServiceRegistration<?> topics = context.registerService(Topics.class, server.topics(), properties);
        return () -> {
            try {
                topics.unregister();
            } finally {
                control.unregister();
            }
        };
    }

    /**
     * Runs a task on the control thread, unless the component is gone by then: Config Admin may still call while it is being
     * deactivated.
     */
    private void run(Runnable task) {
        control.execute(() -> {
            if (!gone) {
                task.run();
            }
        });
    }

    /** Stops every server, after this returned; the bundle's activator waits for it. */
    @Deactivate
    void deactivate() {
        gone = true;
        control.execute(servers::stopAll);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addTransport(TransportProvider transport) {
        described.add(transport);
        run(() -> servers.addTransport(transport));
    }

    void removeTransport(TransportProvider transport) {
        described.remove(transport);
        run(() -> servers.removeTransport(transport));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addExtension(MessageExtensionProvider extension) {
        describedExtensions.add(extension);
        run(() -> servers.addExtension(extension));
    }

    void removeExtension(MessageExtensionProvider extension) {
        describedExtensions.remove(extension);
        run(() -> servers.removeExtension(extension));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addStage(ConnectionStageProvider stage) {
        describedStages.add(stage);
        run(() -> servers.addStage(stage));
    }

    void removeStage(ConnectionStageProvider stage) {
        describedStages.remove(stage);
        run(() -> servers.removeStage(stage));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addTracer(Tracer tracer) {
        run(() -> servers.addTracer(tracer));
    }

    void removeTracer(Tracer tracer) {
        run(() -> servers.removeTracer(tracer));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, target = "(" + WebSocketHandler.PATH_PROPERTY
            + "=*)", updated = "addWebSocketHandler")
    void addWebSocketHandler(WebSocketHandler handler, Map<String, Object> properties) {
        run(() -> servers.addEndpoint(properties, false, () -> ServiceEndpoints.webSocket(handler, properties)));
    }

    void removeWebSocketHandler(WebSocketHandler handler, Map<String, Object> properties) {
        run(() -> servers.removeEndpoint(properties, false));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, target = "(" + HttpHandler.PATH_PROPERTY
            + "=*)", updated = "addHttpHandler")
    void addHttpHandler(HttpHandler handler, Map<String, Object> properties) {
        run(() -> servers.addEndpoint(properties, true, () -> ServiceEndpoints.http(handler, properties)));
    }

    void removeHttpHandler(HttpHandler handler, Map<String, Object> properties) {
        run(() -> servers.removeEndpoint(properties, true));
    }

    @Override
    public String getName() {
        return ServerSchema.schema().title();
    }

    @Override
    public void updated(String pid, Dictionary<String, ?> properties) {
        Map<String, Object> values = values(properties);
        run(() -> servers.configure(pid, values));
    }

    private static Map<String, Object> values(Dictionary<String, ?> properties) {
        Map<String, Object> values = new HashMap<>();
        Collections.list(properties.keys()).forEach(key -> values.put(key, properties.get(key)));
        return values;
    }

    @Override
    public void deleted(String pid) {
        run(() -> servers.remove(pid));
    }

    @Override
    public ObjectClassDefinition getObjectClassDefinition(String id, String locale) {
        if (!id.equals(ServerSchema.PID)) {
            throw new IllegalArgumentException("unknown PID " + id);
        }
        return new ConfigMetatype(ServerSchema.schema(described, describedExtensions, describedStages));
    }

    @Override
    public String[] getLocales() {
        return null;
    }
}
