package io.hioload.server.internal;

import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSnapshot;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.transport.TransportProvider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.stream.Collectors;

/** What the log says of a server's configurations, and of where it listens. Any thread. */
final class ServerLog {

    private static final Logger LOG = System.getLogger(ManagedServer.class.getName());

    private final String name;

    ServerLog(String name) {
        this.name = name;
    }

    /** Whose keys a configuration has without effect, since nobody who knows them is there. */
    void keptKeys(ConfigSnapshot next, RuntimeProviders providers) {
        next.values().keySet().stream().map(ServerSchema::transportOf).filter(of -> of != null && !ServerSchema.isOwnSection(of))
                .filter(of -> providers.transports().stream().noneMatch(transport -> transport.name().equals(of))).distinct()
                .forEach(of -> LOG.log(Level.INFO, "server " + name + ": keeps the keys of transport " + of + ", which is not there"));
        Set<String> extended = providers.extensions().stream().flatMap(extension -> extension.keys().stream())
                .map(key -> ServerSchema.extensionOf(key.name())).collect(Collectors.toSet());
        next.values().keySet().stream().map(ServerSchema::extensionOf).filter(of -> of != null && !extended.contains(of)).distinct()
                .forEach(of -> LOG.log(Level.INFO, "server " + name + ": keeps the keys of extension " + of + ", which is not there"));
    }

    /** A running server has changed to a configuration. */
    void inForce(ConfigSnapshot next, Set<String> changed) {
        if (!changed.isEmpty()) {
            LOG.log(Level.INFO, "server " + name + ": configuration " + next.number() + " of " + next.source() + " is in force, changed: "
                    + String.join(", ", changed));
        }
        String later = ServerSchema.schema().keys().stream().filter(key -> key.effect() == ConfigKey.Effect.RESTART).map(ConfigKey::name)
                .filter(changed::contains).collect(Collectors.joining(", "));
        if (!later.isEmpty()) {
            LOG.log(Level.INFO, "server " + name + ": takes effect when the server next starts: " + later);
        }
    }

    void listening(ServerRuntime now) {
        TransportProvider transport = now.transport();
        LOG.log(Level.INFO, "server " + name + ": listening on " + ListenAddress.text(now.localAddress()) + ", transport "
                + (transport == null ? "none" : transport.name()) + ", reactors " + now.reactors());
    }

    void started() {
        LOG.log(Level.INFO, "server " + name + ": started " + ManagementFactory.getRuntimeMXBean().getUptime() + " ms after the JVM");
    }
}
