package io.hioload.control.internal.shell;

import io.hioload.control.Control;
import io.hioload.control.DebugProbe;
import io.hioload.transport.Availability;
import io.hioload.transport.TransportProvider;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Commands for Gogo, scope {@code hioload}, that only look: transports, probes, counters. Any thread. */
@Component(service = StateCommands.class, property = {"osgi.command.scope=hioload", "osgi.command.function=transports",
        "osgi.command.function=probes", "osgi.command.function=counters"})
public final class StateCommands {

    private final Servers servers = new Servers();
    private final List<TransportProvider> transports = new CopyOnWriteArrayList<>();
    private final List<DebugProbe> probes = new CopyOnWriteArrayList<>();

    /** Made by Declarative Services. */
    @Activate
    public StateCommands() {
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, target = "(" + Servers.NAME + "=*)")
    void addServer(Control control, Map<String, Object> properties) {
        servers.add(control, properties);
    }

    void removeServer(Control control, Map<String, Object> properties) {
        servers.remove(control, properties);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addTransport(TransportProvider transport) {
        transports.add(transport);
    }

    void removeTransport(TransportProvider transport) {
        transports.remove(transport);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addProbe(DebugProbe probe) {
        probes.add(probe);
    }

    void removeProbe(DebugProbe probe) {
        probes.remove(probe);
    }

    /**
     * Shows the transports.
     *
     * @return a table
     */
    @Descriptor("the transports that are there, the best first: whether each can be used, why not, and which servers run on it")
    public String transports() {
        TextTable table = new TextTable("transport", "preference", "handles", "usable", "servers");
        transports.stream().sorted(Comparator.comparingInt(TransportProvider::preference).reversed()).forEach(transport -> {
            Availability availability = transport.availability();
            table.row(transport.name(), transport.preference(), transport.handleKind(),
                    availability.usable() ? "yes" : "no: " + availability.reason(), serversOn(transport.name()));
        });
        return table.toString();
    }

    private List<String> serversOn(String transport) {
        return servers.all().entrySet().stream()
                .filter(server -> transport.equals(server.getValue().probes().getFirst().probe().get("transport"))).map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Shows all probes.
     *
     * @return an indented tree
     */
    @Descriptor("everything that every server and every part shows about itself")
    public String probes() {
        StringBuilder text = new StringBuilder();
        servers.all().forEach((name, control) -> append(text, name, control.probes(), ""));
        append(text, "runtime", probes, "");
        return text.toString().stripTrailing();
    }

    /**
     * Shows probes of a server.
     *
     * @param name   of the server
     * @param prefix of the probes' names
     * @return an indented tree
     */
    @Descriptor("what parts of one server show about themselves")
    public String probes(@Descriptor("the server's name") String name,
            @Descriptor("how the parts' names begin, such as reactor or pool") String prefix) {
        StringBuilder text = new StringBuilder();
        append(text, name, servers.named(name).probes(), prefix);
        return text.toString().stripTrailing();
    }

    private static void append(StringBuilder text, String of, List<DebugProbe> probes, String prefix) {
        text.append(of).append('\n');
        for (DebugProbe probe : probes) {
            if (probe.probeName().startsWith(prefix)) {
                text.append("  ").append(probe.probeName()).append('\n');
                append(text, probe.probe(), "    ");
            }
        }
    }

    private static void append(StringBuilder text, Map<?, ?> values, String indent) {
        values.forEach((key, value) -> {
            if (value instanceof Map<?, ?> map) {
                text.append(indent).append(key).append('\n');
                append(text, map, indent + "  ");
            } else {
                text.append(indent).append(key).append(" = ").append(value).append('\n');
            }
        });
    }

    /**
     * Shows counters.
     *
     * @param prefix of their names
     * @return a table with the sum over the reactors of each server
     */
    @Descriptor("counters of every server, summed over its reactors")
    public String counters(@Descriptor("how their names begin, such as http or epoll") String prefix) {
        TextTable table = new TextTable("server", "counter", "value");
        servers.all().forEach((name, control) -> CounterSums.of(control).forEach((counter, value) -> {
            if (counter.startsWith(prefix)) {
                table.row(name, counter, value);
            }
        }));
        return table.toString();
    }

    /**
     * Shows all counters.
     *
     * @return a table
     */
    @Descriptor("all counters of every server, summed over its reactors")
    public String counters() {
        return counters("");
    }
}
