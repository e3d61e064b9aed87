package io.hioload.server.internal;

import io.hioload.control.ConfigSnapshot;
import io.hioload.reactor.Reactor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The engines of a server, one for each of its reactors, which come and go. Any thread. Made when a reactor first needs one;
 * looking one up, which is done once for each connection, is a walk over a short array.
 */
final class Engines {

    private final BiFunction<Reactor, ConfigSnapshot, HttpEngine> maker;
    /** What the next one is made with. */
    private volatile ConfigSnapshot newest;
    /** Replaced, never changed; written under this. */
    private volatile HttpEngine[] all = {};

    Engines(ConfigSnapshot config, BiFunction<Reactor, ConfigSnapshot, HttpEngine> maker) {
        this.newest = config;
        this.maker = maker;
    }

    HttpEngine of(Reactor reactor) {
        HttpEngine engine = find(reactor);
        return engine != null ? engine : make(reactor);
    }

    private HttpEngine find(Reactor reactor) {
        for (HttpEngine engine : all) {
            if (engine.reactor() == reactor) {
                return engine;
            }
        }
        return null;
    }

    private synchronized HttpEngine make(Reactor reactor) {
        HttpEngine engine = find(reactor);
        if (engine == null) {
            engine = maker.apply(reactor, newest);
            HttpEngine[] more = new HttpEngine[all.length + 1];
            System.arraycopy(all, 0, more, 0, all.length);
            more[all.length] = engine;
            all = more;
        }
        return engine;
    }

    /** On a reactor's thread: it runs on a snapshot from now on. */
    void take(Reactor reactor, ConfigSnapshot config) {
        of(reactor).configure(config);
    }

    /** Every reactor there is has taken a snapshot: engines that are made from now on have it too, those of others go. */
    synchronized void settled(ConfigSnapshot config, List<Reactor> reactors) {
        newest = config;
        List<HttpEngine> kept = new ArrayList<>();
        for (HttpEngine engine : all) {
            if (engine.openSessions() > 0 || reactors.contains(engine.reactor())) {
                kept.add(engine);
            } else {
                engine.close();
            }
        }
        all = kept.toArray(HttpEngine[]::new);
    }

    /** All reactors have ended. */
    synchronized void close() {
        for (HttpEngine engine : all) {
            engine.close();
        }
    }

    /** The engine on whose reactor's thread the caller is, or {@code null} if it is on none. */
    HttpEngine current() {
        for (HttpEngine engine : all) {
            if (engine.reactor().inEventLoop()) {
                return engine;
            }
        }
        return null;
    }

    int openSessions() {
        int open = 0;
        for (HttpEngine engine : all) {
            open += engine.openSessions();
        }
        return open;
    }
}
