package io.hioload.itest.osgi;

import io.hioload.control.Control;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Objects;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;

/** Starts, changes and stops servers as an operator does: through Config Admin. One thread. */
final class Servers {

    static final String FACTORY_PID = "io.hioload.server";

    private static final long DEADLINE_MS = 20_000;

    private final BundleContext context;
    private final ConfigurationAdmin admin;

    Servers(BundleContext context, ConfigurationAdmin admin) {
        this.context = context;
        this.admin = admin;
    }

    /** Starts a server on a free port and returns the port when it runs. */
    int start(String name, Map<String, ?> values) throws Exception {
        int port = freePort();
        configure(name, port, values);
        control(name);
        return port;
    }

    /** Hands a configuration to Config Admin; what comes of it comes later. */
    void configure(String name, int port, Map<String, ?> values) throws IOException {
        Dictionary<String, Object> properties = new Hashtable<>(values);
        properties.put("port", port);
        admin.getFactoryConfiguration(FACTORY_PID, name, "?").update(properties);
    }

    void delete(String name) throws IOException {
        admin.getFactoryConfiguration(FACTORY_PID, name, "?").delete();
    }

    boolean runs(String name) throws InvalidSyntaxException {
        return !context.getServiceReferences(Control.class, "(hioload.server=" + name + ")").isEmpty();
    }

    /** Waits until a server runs. */
    Control control(String name) throws Exception {
        String filter = "(&(objectClass=" + Control.class.getName() + ")(hioload.server=" + name + "))";
        ServiceTracker<Control, Control> tracker = new ServiceTracker<>(context, context.createFilter(filter), null);
        tracker.open();
        try {
            Control control = tracker.waitForService(DEADLINE_MS);
            if (control == null) {
                throw new AssertionError("no server named " + name + " came up");
            }
            return control;
        } finally {
            tracker.close();
        }
    }

    /** The transport that a server runs on, from its probes. */
    static String transport(Control control) {
        return control.probes().stream().map(probe -> probe.probe().get("transport")).filter(Objects::nonNull).findFirst()
                .orElseThrow(
                        () -> new AssertionError("no probe tells the transport: " + control.probes().stream().map(p -> p.probe()).toList()))
                .toString();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Stops every server. */
    void stopAll() throws Exception {
        Configuration[] all = admin.listConfigurations("(service.factoryPid=" + FACTORY_PID + ")");
        if (all != null) {
            for (Configuration configuration : all) {
                configuration.delete();
            }
        }
        Await.until("all servers stop", () -> context.getServiceReferences(Control.class, "(hioload.server=*)").isEmpty());
    }
}
