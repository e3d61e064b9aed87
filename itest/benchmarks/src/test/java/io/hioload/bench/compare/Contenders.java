package io.hioload.bench.compare;

import io.hioload.bench.servers.OtherServers;
import io.hioload.bench.servers.ServerSpec;
import io.hioload.transport.Availability;
import io.hioload.transport.TransportProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** Finds the servers that can run here. One thread. */
final class Contenders {

    /** The same heap for all, large enough that none of them collects more often for lack of it. */
    static final String[] HEAP = {"-Xms256m", "-Xmx256m"};

    private final List<ServerSpec> servers = new ArrayList<>();
    private final List<String> absent = new ArrayList<>();

    static Contenders find(ComparisonOptions options) throws IOException, InterruptedException {
        Contenders found = new Contenders();
        found.add(OtherServers.epollFloor());
        found.add(OtherServers.uringFloor());
        ServiceLoader.load(TransportProvider.class).stream().map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(TransportProvider::preference)).forEach(found::transport);
        OtherServers.distribution().ifPresentOrElse(found::add, () -> found.absent.add("distribution: not built"));
        found.add(ServerSpec.netty("epoll", HEAP));
        found.add(ServerSpec.netty("io_uring", HEAP));
        found.add(ServerSpec.vertx(HEAP));
        found.add(ServerSpec.undertow(HEAP));
        found.add(ServerSpec.jetty(HEAP));
        OtherServers.node().ifPresentOrElse(found::add, () -> found.absent.add("Node ws: npm is not there"));
        found.servers.removeIf(server -> !options.wants(server.name()));
        return found;
    }

    private void transport(TransportProvider transport) {
        Availability availability = transport.availability();
        if (availability.usable()) {
            add(ServerSpec.hioload(transport.name(), HEAP));
        } else {
            absent.add("hioload " + transport.name() + ": " + availability.reason());
        }
    }

    private void add(ServerSpec server) {
        servers.add(server);
    }

    List<ServerSpec> servers() {
        return servers;
    }

    /** Who is not there, and why. */
    List<String> absent() {
        return absent;
    }
}
