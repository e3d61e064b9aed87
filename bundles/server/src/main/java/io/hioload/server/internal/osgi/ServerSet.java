package io.hioload.server.internal.osgi;

import io.hioload.control.ConfigException;
import io.hioload.control.Tracer;
import io.hioload.protocol.MessageExtensionProvider;
import io.hioload.reactor.ConnectionStageProvider;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.server.internal.Endpoint;
import io.hioload.server.internal.JfrTracer;
import io.hioload.server.internal.ManagedServer;
import io.hioload.server.internal.ServerSchema;
import io.hioload.server.internal.TracerChain;
import io.hioload.transport.TransportProvider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The servers of a framework, one for each configuration, and what they share: transports, endpoints, tracers. The control
 * thread only.
 */
final class ServerSet {

    private static final Logger LOG = System.getLogger(ServerSet.class.getName());
    private static final String FILE_PROPERTY = "felix.fileinstall.filename";

    private record Entry(ManagedServer server, Runnable withdraw) {
    }

    private final RuntimeProviders parts;
    private final BiFunction<String, ManagedServer, Runnable> register;
    private final TracerChain tracer = new TracerChain();
    private final List<Tracer> tracers = new ArrayList<>(List.of(new JfrTracer()));
    private final List<TransportProvider> transports = new ArrayList<>();
    private final List<MessageExtensionProvider> extensions = new ArrayList<>();
    private final List<ConnectionStageProvider> stages = new ArrayList<>();
    private final Map<Long, Endpoint> webSockets = new TreeMap<>();
    private final Map<Long, Endpoint> https = new TreeMap<>();
    private final Map<String, Entry> byPid = new LinkedHashMap<>();
    /** Removed and perhaps still draining. */
    private final List<ManagedServer> stopping = new ArrayList<>();

    /**
     * Makes an empty set.
     *
     * @param parts    what servers are built from; transports are added later
     * @param register publishes a running server under its name, and gives what takes that back
     */
    ServerSet(RuntimeProviders parts, BiFunction<String, ManagedServer, Runnable> register) {
        this.parts = parts;
        this.register = register;
        tracer.set(tracers);
    }

    void configure(String pid, Map<String, ?> values) {
        Entry entry = byPid.computeIfAbsent(pid, key -> new Entry(newServer(nameOf(key)), null));
        attempt(() -> {
            try {
                entry.server().apply(values, source(pid, values));
            } catch (ConfigException e) {
                LOG.log(Level.ERROR, e.getMessage() + (entry.server().isRunning() ? " (the server goes on with what it had)"
                        : entry.server().isWaiting() ? " (the server waits for one)" : " (the server does not run)"));
            }
        });
        publish();
    }

    private ManagedServer newServer(String name) {
        ManagedServer server = new ManagedServer(name, withTransports(), tracer);
        attempt(() -> server.endpoints(endpoints()));
        return server;
    }

    /** The part behind the '~' (OSGi Compendium, section 104.4.1.2); a PID that Config Admin made up is taken whole. */
    static String nameOf(String pid) {
        return pid.startsWith(ServerSchema.PID) && pid.length() > ServerSchema.PID.length() + 1
                ? pid.substring(ServerSchema.PID.length() + 1) : pid;
    }

    private static String source(String pid, Map<String, ?> values) {
        return values.get(FILE_PROPERTY) instanceof String file ? file.replaceFirst("^file:/*(?=/)", "") : "configuration " + pid;
    }

    /** Its address is free when this returns; its sessions may take their drain timeout. */
    void remove(String pid) {
        Entry entry = byPid.remove(pid);
        if (entry != null) {
            unregister(entry);
            attempt(entry.server()::beginStop);
            stopping.add(entry.server());
        }
    }

    /** Waits for all of them, which drain side by side. */
    void stopAll() {
        List.copyOf(byPid.keySet()).forEach(this::remove);
        stopping.forEach(ManagedServer::close);
        stopping.clear();
    }

    void addTransport(TransportProvider transport) {
        transports.add(transport);
        tellTransports();
    }

    void removeTransport(TransportProvider transport) {
        transports.remove(transport);
        tellTransports();
    }

    private void tellTransports() {
        tell(server -> server.transports(List.copyOf(transports)));
        publish();
    }

    private RuntimeProviders withTransports() {
        return parts.withTransports(transports).withExtensions(extensions).withStages(stages);
    }

    void addStage(ConnectionStageProvider stage) {
        stages.add(stage);
        tellStages();
    }

    void removeStage(ConnectionStageProvider stage) {
        stages.remove(stage);
        tellStages();
    }

    private void tellStages() {
        tell(server -> server.stages(List.copyOf(stages)));
        publish();
    }

    void addExtension(MessageExtensionProvider extension) {
        extensions.add(extension);
        tellExtensions();
    }

    void removeExtension(MessageExtensionProvider extension) {
        extensions.remove(extension);
        tellExtensions();
    }

    private void tellExtensions() {
        tell(server -> server.extensions(List.copyOf(extensions)));
    }

    void addTracer(Tracer added) {
        tracers.add(added);
        tracer.set(tracers);
    }

    void removeTracer(Tracer removed) {
        tracers.remove(removed);
        tracer.set(tracers);
    }

    /** Also for properties that changed. One that is not right is reported and not served. */
    void addEndpoint(Map<String, ?> properties, boolean http, Supplier<Endpoint> endpoint) {
        try {
            Endpoint added = endpoint.get();
            (http ? https : webSockets).put(added.serviceId(), added);
            tellEndpoints();
        } catch (IllegalArgumentException e) {
            removeEndpoint(properties, http);
            LOG.log(Level.ERROR, "service " + ServiceEndpoints.serviceId(properties) + " of " + properties.get("component.name")
                    + " is not served: " + e.getMessage());
        }
    }

    void removeEndpoint(Map<String, ?> properties, boolean http) {
        (http ? https : webSockets).remove(ServiceEndpoints.serviceId(properties));
        tellEndpoints();
    }

    private List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>(webSockets.values());
        all.addAll(https.values());
        return all;
    }

    private void tellEndpoints() {
        tell(server -> server.endpoints(endpoints()));
    }

    /** Registers what runs, or only waits for a transport, and unregisters what does not. */
    private void publish() {
        byPid.replaceAll((pid, entry) -> {
            boolean there = entry.server().isRunning() || entry.server().isWaiting();
            if (there && entry.withdraw() == null) {
                return new Entry(entry.server(), register.apply(entry.server().name(), entry.server()));
            }
            if (!there && entry.withdraw() != null) {
                unregister(entry);
                return new Entry(entry.server(), null);
            }
            return entry;
        });
    }

    private static void unregister(Entry entry) {
        if (entry.withdraw() != null) {
            try {
                entry.withdraw().run();
            } catch (IllegalStateException e) {
                LOG.log(Level.DEBUG, "the framework was faster", e);
            }
        }
    }

    /** Something that waits for reactors; the control thread is interrupted only when the bundle gives up waiting for it. */
    private interface Change {
        void run() throws InterruptedException;
    }

    /** Something that a server is told. */
    private interface News {
        void tell(ManagedServer server) throws InterruptedException;
    }

    /** Those that stop, too: what they knew of before would stay loaded as long as they are remembered. */
    private void tell(News news) {
        stopping.removeIf(ManagedServer::isStopped);
        byPid.values().forEach(entry -> attempt(() -> news.tell(entry.server())));
        stopping.forEach(server -> attempt(() -> news.tell(server)));
    }

    private static void attempt(Change change) {
        try {
            change.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
