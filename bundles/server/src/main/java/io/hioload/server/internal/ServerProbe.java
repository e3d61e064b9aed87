package io.hioload.server.internal;

import io.hioload.control.ConfigSnapshot;
import io.hioload.control.DebugProbe;
import io.hioload.transport.TransportProvider;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A server at the moment at which its probes were asked for. Immutable; any thread. */
final class ServerProbe implements DebugProbe {

    private final String name;
    private final ConfigSnapshot config;
    private final ServerRuntime runtime;
    private final TransportChoice choice;
    private final Routes routes;
    private final ConfigHistory history;
    private final TransportChanges changes;

    /** Config and runtime may be {@code null}: the server does not run. */
    ServerProbe(String name, ConfigSnapshot config, ServerRuntime runtime, TransportChoice choice, Routes routes, ConfigHistory history,
            TransportChanges changes) {
        this.name = name;
        this.config = config;
        this.runtime = runtime;
        this.choice = choice;
        this.routes = routes;
        this.history = history;
        this.changes = changes;
    }

    @Override
    public String probeName() {
        return "server";
    }

    @Override
    public Map<String, Object> probe() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("name", name);
        state.put("running", runtime != null);
        Rest rest = choice.rest();
        if (rest != null) {
            state.put("without transport because", rest.reason());
            state.put("without transport since", rest.since().toString());
        }
        if (runtime != null) {
            TransportProvider transport = runtime.transport();
            state.put("address", ListenAddress.text(runtime.localAddress()));
            state.put("transport", transport == null ? "none" : transport.name());
            state.put("transports passed over", choice.passedOver());
            state.put("reactors", runtime.reactors());
            state.put("connections", runtime.connections());
            state.put("sessions", runtime.openSessions());
        }
        state.put("transport changes", changes.probe());
        state.put("paths", routes.paths());
        if (config != null) {
            state.put("config number", config.number());
            state.put("config source", config.source());
            state.put("config acknowledged", runtime == null ? List.of() : runtime.acknowledged());
            state.put("config", config.values());
        }
        state.put("config changes", history.probe());
        return state;
    }
}
