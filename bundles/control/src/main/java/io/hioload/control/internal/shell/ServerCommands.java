package io.hioload.control.internal.shell;

import io.hioload.control.ConfigChange;
import io.hioload.control.ConfigException;
import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSnapshot;
import io.hioload.control.Control;
import io.hioload.control.internal.ConfigurationFile;
import java.io.File;
import java.io.IOException;
import java.util.Collections;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Commands for Gogo, scope {@code hioload}: what servers run on, and changes of it. Any thread but a reactor's. Without Gogo
 * nobody calls them. What they change ends with the process, or with the next change of the server's file.
 */
@Component(service = ServerCommands.class, property = {"osgi.command.scope=hioload", "osgi.command.function=servers",
        "osgi.command.function=config", "osgi.command.function=set", "osgi.command.function=unset", "osgi.command.function=apply",
        "osgi.command.function=history", "osgi.command.function=rollback"})
public final class ServerCommands {

    private static final String SOURCE = "shell";

    private final Servers servers = new Servers();

    /** Made by Declarative Services. */
    @Activate
    public ServerCommands() {
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, target = "(" + Servers.NAME + "=*)")
    void addServer(Control control, Map<String, Object> properties) {
        servers.add(control, properties);
    }

    void removeServer(Control control, Map<String, Object> properties) {
        servers.remove(control, properties);
    }

    /**
     * Shows the servers.
     *
     * @return a table
     */
    @Descriptor("the servers: where they listen, on what transport and configuration, with how many connections and sessions")
    public String servers() {
        TextTable table = new TextTable("server", "state", "address", "transport", "reactors", "connections", "sessions", "configuration",
                "acknowledged");
        servers.all().forEach((name, control) -> {
            Map<String, Object> state = control.probes().getFirst().probe();
            Object without = state.get("without transport because");
            ConfigSnapshot config = control.config();
            table.row(name, without != null ? "without transport since " + state.get("without transport since") + ": " + without : "serves",
                    shown(state, "address"), shown(state, "transport"), shown(state, "reactors"), shown(state, "connections"),
                    shown(state, "sessions"), config == null ? "-" : config.number() + " of " + config.source(), control.acknowledged());
        });
        return table.toString();
    }

    private static Object shown(Map<String, Object> state, String key) {
        return state.getOrDefault(key, "-");
    }

    /**
     * Shows the configuration of the only server.
     *
     * @return a table
     */
    @Descriptor("the configuration of the only server")
    public String config() {
        return config(servers.only());
    }

    /**
     * Shows a configuration.
     *
     * @param name of the server
     * @return a table
     */
    @Descriptor("the configuration of a server: every key with its value, its default, and when a change takes effect")
    public String config(@Descriptor("the server's name") String name) {
        Control control = servers.named(name);
        ConfigSnapshot config = control.config();
        if (config == null) {
            return "server " + name + " does not run; its history says why";
        }
        Map<String, ConfigKey> declared = new LinkedHashMap<>();
        control.schema().keys().forEach(key -> declared.put(key.name(), key));
        TextTable table = new TextTable("key", "value", "default", "takes effect");
        config.values().forEach((key, value) -> {
            ConfigKey known = declared.get(key);
            table.row(key, known == null ? value : known.text(value), known == null ? "-" : known.defaultText(),
                    known == null ? "when its transport is there" : effect(known));
        });
        return "configuration " + config.number() + " of " + config.source() + "\n" + table;
    }

    private static String effect(ConfigKey key) {
        return key.effect().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /**
     * Changes keys of a server.
     *
     * @param name     of the server
     * @param settings such as {@code message.max=64KiB}
     * @return what is in force
     * @throws ConfigException      if the change is refused
     * @throws InterruptedException if the thread was interrupted
     */
    @Descriptor("changes keys of a server, all or none of them; the others stay. Until the process ends or the server's file changes")
    public String set(@Descriptor("the server's name") String name, @Descriptor("key=value ...") String... settings)
            throws ConfigException, InterruptedException {
        Map<String, Object> values = new TreeMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(setting + ": allowed is key=value");
            }
            values.put(setting.substring(0, equals).strip(), setting.substring(equals + 1).strip());
        }
        return changed(servers.named(name), values);
    }

    /**
     * Changes keys of a server to their defaults.
     *
     * @param name of the server
     * @param keys their names
     * @return what is in force
     * @throws ConfigException      if the change is refused
     * @throws InterruptedException if the thread was interrupted
     */
    @Descriptor("changes keys of a server to their defaults, all or none of them; the others stay")
    public String unset(@Descriptor("the server's name") String name, @Descriptor("key ...") String... keys)
            throws ConfigException, InterruptedException {
        Map<String, Object> values = new TreeMap<>();
        for (String key : keys) {
            values.put(key, null);
        }
        return changed(servers.named(name), values);
    }

    private static String changed(Control control, Map<String, Object> values) throws ConfigException, InterruptedException {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("say which keys");
        }
        return inForce(control.change(values, SOURCE));
    }

    private static String inForce(ConfigSnapshot config) {
        return "configuration " + config.number() + " is in force";
    }

    /**
     * Gives a server the configuration in a file.
     *
     * @param name of the server
     * @param path of the file
     * @return what is in force
     * @throws ConfigException      if the change is refused
     * @throws InterruptedException if the thread was interrupted
     * @throws IOException          if the file cannot be read
     */
    @Descriptor("gives a server the configuration in a file, as if it were in etc: keys that it does not have get their defaults")
    public String apply(@Descriptor("the server's name") String name, @Descriptor("the file's path") String path)
            throws ConfigException, InterruptedException, IOException {
        Dictionary<String, Object> read = ConfigurationFile.read(new File(path));
        Map<String, Object> values = new TreeMap<>();
        Collections.list(read.keys()).forEach(key -> values.put(key, read.get(key)));
        return inForce(servers.named(name).apply(values, SOURCE + ", " + path));
    }

    /**
     * Shows the history of the only server.
     *
     * @return a table
     */
    @Descriptor("the last changes of the only server's configuration")
    public String history() {
        return history(servers.only());
    }

    /**
     * Shows a history.
     *
     * @param name of the server
     * @return a table
     */
    @Descriptor("the last changes of a server's configuration: number, when, source, which keys, accepted or why not")
    public String history(@Descriptor("the server's name") String name) {
        TextTable table = new TextTable("number", "when", "source", "keys", "result");
        List<ConfigChange> changes = servers.named(name).history();
        changes.forEach(change -> table.row(change.accepted() ? change.number() : "-", change.when(), change.source(),
                String.join(" ", change.keys()), change.accepted() ? "accepted" : "refused: " + String.join("; ", change.problems())));
        return table.toString();
    }

    /**
     * Goes back to an earlier configuration.
     *
     * @param name   of the server
     * @param number as the history has it
     * @return what is in force
     * @throws ConfigException      if the change is refused
     * @throws InterruptedException if the thread was interrupted
     */
    @Descriptor("gives a server the values of an earlier configuration again, under a new number")
    public String rollback(@Descriptor("the server's name") String name, @Descriptor("its number in the history") long number)
            throws ConfigException, InterruptedException {
        return inForce(servers.named(name).rollback(number, SOURCE));
    }
}
