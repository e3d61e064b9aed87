package io.hioload.server.internal;

import io.hioload.control.ConfigException;
import io.hioload.control.ConfigSnapshot;
import io.hioload.control.Tracer;
import io.hioload.reactor.RuntimeProviders;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportProvider;
import io.hioload.websocket.CloseCode;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * Puts configurations of one server to work: in a new run, or in the one that there is. What cannot be had is told as a refusal
 * of the configuration. One thread at a time, which waits for reactors. A run belongs to the caller once it listens; one that
 * cannot is ended here.
 */
final class ServerRuns {

    private final String name;
    private final Tracer tracer;
    private final TransportChoice choice;
    private final TransportChanges changes;
    private final ServerLog log;

    ServerRuns(String name, Tracer tracer, TransportChoice choice, TransportChanges changes, ServerLog log) {
        this.name = name;
        this.tracer = tracer;
        this.choice = choice;
        this.changes = changes;
        this.log = log;
    }

    /**
     * Builds a run that does not listen yet.
     *
     * @throws ConfigException if something is missing, which may come yet, or cannot be had
     */
    ServerRuntime open(ConfigSnapshot next, RuntimeProviders providers, List<Endpoint> endpoints) throws ConfigException {
        if (next.flag(ServerSchema.TLS) && providers.stage(ServerSchema.TLS.name()) == null) {
            // It may come yet; until then nothing listens, least of all without it.
            choice.none(ServerStage.missing());
            throw new ConfigException(next.source(), List.of(ServerStage.missing()));
        }
        try {
            return ServerRuntime.open(name, next, choice.select(next, providers.transports()), providers, tracer, Routes.of(endpoints),
                    changes);
        } catch (TransportException e) {
            choice.none(String.valueOf(e.getMessage()));
            throw refused(next, e);
        } catch (RuntimeException | LinkageError e) {
            throw refused(next, RuntimeProviders.explain(e));
        }
    }

    /**
     * Lets a run listen, or ends it.
     *
     * @throws ConfigException if it cannot listen as configured
     */
    void listen(ServerRuntime fresh, ConfigSnapshot next, RuntimeProviders providers) throws ConfigException, InterruptedException {
        boolean listening = false;
        try {
            ServerStage.Change stage = prepare(fresh, next, providers);
            stage.begin();
            fresh.listen(ListenAddress.of(next), next);
            stage.commit();
            listening = true;
        } catch (IOException e) {
            throw refused(next, e);
        } finally {
            if (!listening) {
                fresh.drain(CloseCode.GOING_AWAY, "", 0);
            }
        }
    }

    /**
     * Changes a run, all or nothing; returns when every reactor runs on the next configuration.
     *
     * @param old     what it runs on
     * @param changed what differs
     * @param taken   is called by each reactor that has taken it
     * @throws ConfigException if it cannot be put to work; the run goes on as before
     */
    void change(ServerRuntime now, ConfigSnapshot old, ConfigSnapshot next, Set<String> changed, RuntimeProviders providers,
            Runnable taken) throws ConfigException, InterruptedException {
        ServerStage.Change stage = prepare(now, next, providers);
        boolean done = false;
        try {
            stage.begin();
            TransportProvider before = now.transport();
            boolean otherTransport = changed.contains(ServerSchema.TRANSPORT.name());
            TransportProvider wanted = otherTransport ? choice.select(next, providers.transports()) : before;
            new LiveChange(name, now, old).make(next, changed, wanted, taken);
            done = true;
            stage.commit();
            if (wanted != before) {
                choice.found();
            }
            log.inForce(next, changed);
            if (wanted != before || ServerSettings.isForListener(changed)) {
                log.listening(now);
            }
        } catch (IOException | TransportException e) {
            throw refused(next, e);
        } finally {
            if (!done) {
                stage.undo();
            }
        }
    }

    /** Prepares what a run's connections go through for a configuration. */
    private static ServerStage.Change prepare(ServerRuntime server, ConfigSnapshot next, RuntimeProviders providers)
            throws ConfigException {
        try {
            return server.stage().prepare(next, providers);
        } catch (RuntimeException | LinkageError e) {
            throw refused(next, e instanceof RuntimeException refusal ? refusal : RuntimeProviders.explain(e));
        }
    }

    private static ConfigException refused(ConfigSnapshot next, Exception cause) {
        ConfigException refused = new ConfigException(next.source(), List.of(String.valueOf(cause.getMessage())));
        refused.initCause(cause);
        return refused;
    }
}
