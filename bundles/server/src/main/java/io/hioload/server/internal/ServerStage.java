package io.hioload.server.internal;

import io.hioload.control.ConfigSnapshot;
import io.hioload.control.DebugProbe;
import io.hioload.protocol.Role;
import io.hioload.reactor.Connection;
import io.hioload.reactor.ConnectionHandler;
import io.hioload.reactor.ConnectionHandlerFactory;
import io.hioload.reactor.ConnectionStage;
import io.hioload.reactor.ConnectionStageProvider;
import io.hioload.reactor.RuntimeProviders;
import java.util.List;

/**
 * What stands between a server's connections and HTTP: TLS, or nothing. Changed by one thread at a time, which may block; a
 * look at it is one volatile read for each accepted connection.
 */
final class ServerStage {

    private final String name;
    private volatile ConnectionStage stage;
    /** Of the stage. */
    private ConnectionStageProvider provider;

    ServerStage(String name) {
        this.name = name;
    }

    /** One step in three parts, of which the last or the second follows the first. */
    interface Change {

        /** What has to be in force before anything else is changed. */
        void begin();

        /** The rest; does not fail. */
        void commit();

        /** Everything as it was. */
        void undo();
    }

    /** On the reactor that accepted. */
    ConnectionHandler accept(Connection raw, ConnectionHandlerFactory next) {
        ConnectionStage now = stage;
        return now == null ? next.handler(raw) : now.accept(raw, next);
    }

    /**
     * Prepares what a configuration asks for.
     *
     * @throws IllegalArgumentException if it cannot be had; names key, value and why
     */
    Change prepare(ConfigSnapshot next, RuntimeProviders providers) {
        ConnectionStage old = stage;
        if (!next.flag(ServerSchema.TLS)) {
            return change(() -> {
            }, () -> set(null, null, old), () -> {
            });
        }
        if (old != null) {
            Runnable update = old.prepare(ServerSettings.stages(next));
            return change(() -> {
            }, update, () -> {
            });
        }
        ConnectionStageProvider found = providers.stage(ServerSchema.TLS.name());
        if (found == null) {
            throw new IllegalArgumentException(missing());
        }
        ConnectionStage opened = found.open(Role.SERVER, name, ServerSettings.stages(next));
        return change(() -> set(opened, found, null), () -> {
        }, () -> set(null, null, opened));
    }

    /** Why a server does not listen. */
    static String missing() {
        return ServerSchema.TLS.name() + " = true: there is no bundle for it, such as io.hioload.protocol.tls";
    }

    private void set(ConnectionStage next, ConnectionStageProvider of, ConnectionStage goes) {
        stage = next;
        provider = of;
        if (goes != null) {
            goes.close();
        }
    }

    private static Change change(Runnable begin, Runnable commit, Runnable undo) {
        return new Change() {
            @Override
            public void begin() {
                begin.run();
            }

            @Override
            public void commit() {
                commit.run();
            }

            @Override
            public void undo() {
                undo.run();
            }
        };
    }

    /** Whether what it uses is still there. */
    boolean isThere(List<ConnectionStageProvider> now) {
        return provider == null || now.contains(provider);
    }

    /** What it shows, if there is something. */
    List<DebugProbe> probes() {
        ConnectionStage now = stage;
        return now == null ? List.of() : List.of(now);
    }

    void close() {
        ConnectionStage now = stage;
        if (now != null) {
            now.close();
        }
    }
}
