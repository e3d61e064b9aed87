package io.hioload.server.internal;

import io.hioload.control.ConfigSnapshot;
import io.hioload.control.DebugProbe;
import java.util.LinkedHashMap;
import java.util.Map;

/** A server at the moment at which its probes were asked for. Immutable; any thread. */
final class ServerProbe implements DebugProbe {

    private final String name;
    private final ConfigSnapshot config;
    private final ServerRuntime runtime;
    private final Routes routes;

    /** Config and runtime may be {@code null}: the server does not run. */
    ServerProbe(String name, ConfigSnapshot config, ServerRuntime runtime, Routes routes) {
        this.name = name;
        this.config = config;
        this.runtime = runtime;
        this.routes = routes;
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
        if (runtime != null) {
            state.put("address", ListenAddress.text(runtime.localAddress()));
            state.put("transport", runtime.transport().name());
            state.put("transports passed over", runtime.passedOver());
            state.put("reactors", runtime.reactors());
            state.put("connections", runtime.connections());
            state.put("sessions", runtime.openSessions());
        }
        state.put("paths", routes.paths());
        if (config != null) {
            state.put("config number", config.number());
            state.put("config source", config.source());
            state.put("config", config.values());
        }
        return state;
    }
}
