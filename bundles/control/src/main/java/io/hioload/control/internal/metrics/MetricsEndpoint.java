package io.hioload.control.internal.metrics;

import io.hioload.control.ConfigException;
import io.hioload.control.ConfigMetatype;
import io.hioload.control.ConfigSnapshot;
import io.hioload.control.Control;
import io.hioload.http.HttpHandler;
import io.hioload.http.HttpRequest;
import io.hioload.http.HttpResponse;
import java.lang.System.Logger;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ManagedService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.MetaTypeProvider;
import org.osgi.service.metatype.ObjectClassDefinition;

/**
 * Serves what the probes of all servers count to Prometheus, on the servers themselves: an HTTP endpoint as others are. Off
 * until PID {@code io.hioload.metrics} says where. Any thread; requests come on reactor threads and read probes only.
 */
@Component(immediate = true, configurationPolicy = ConfigurationPolicy.IGNORE, service = {ManagedService.class,
        MetaTypeProvider.class}, property = {"service.pid=" + MetricsSchema.PID, "metatype.pid=" + MetricsSchema.PID})
public final class MetricsEndpoint implements ManagedService, MetaTypeProvider, HttpHandler {

    private static final Logger LOG = System.getLogger(MetricsEndpoint.class.getName());
    private static final String SERVER_NAME = "hioload.server";
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final BundleContext context;
    private final Map<String, Control> servers = new ConcurrentSkipListMap<>();
    /** Guarded by this. */
    private ServiceRegistration<HttpHandler> registration;

    /**
     * Made by Declarative Services.
     *
     * @param context where the endpoint is registered
     */
    @Activate
    public MetricsEndpoint(BundleContext context) {
        this.context = context;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, target = "(" + SERVER_NAME + "=*)")
    void addServer(Control control, Map<String, Object> properties) {
        servers.put(String.valueOf(properties.get(SERVER_NAME)), control);
    }

    void removeServer(Control control, Map<String, Object> properties) {
        servers.remove(String.valueOf(properties.get(SERVER_NAME)), control);
    }

    @Deactivate
    synchronized void unregister() {
        if (registration != null) {
            registration.unregister();
            registration = null;
        }
    }

    @Override
    public synchronized void updated(Dictionary<String, ?> properties) {
        Map<String, Object> values = new HashMap<>();
        if (properties != null) {
            Collections.list(properties.keys()).forEach(key -> values.put(key, properties.get(key)));
        }
        try {
            ConfigSnapshot config = MetricsSchema.schema().validate(1, MetricsSchema.PID, values);
            unregister();
            if (!config.text(MetricsSchema.PATH).isEmpty()) {
                registration = context.registerService(HttpHandler.class, this, endpoint(config));
            }
        } catch (ConfigException e) {
            LOG.log(Logger.Level.ERROR, e.getMessage() + " (nothing changes)");
        }
    }

    private static Dictionary<String, Object> endpoint(ConfigSnapshot config) {
        Hashtable<String, Object> endpoint = new Hashtable<>();
        endpoint.put(HttpHandler.PATH_PROPERTY, config.text(MetricsSchema.PATH));
        String servers = config.text(MetricsSchema.SERVERS);
        if (!servers.isEmpty()) {
            endpoint.put(SERVER_NAME, servers.split("\\s*,\\s*"));
        }
        return endpoint;
    }

    @Override
    public HttpResponse handle(HttpRequest request) {
        MetricsText text = new MetricsText();
        servers.forEach((name, control) -> text.add(name, control.probes()));
        return HttpResponse.ok(CONTENT_TYPE, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ObjectClassDefinition getObjectClassDefinition(String id, String locale) {
        if (!id.equals(MetricsSchema.PID)) {
            throw new IllegalArgumentException("unknown PID " + id);
        }
        return new ConfigMetatype(MetricsSchema.schema());
    }

    @Override
    public String[] getLocales() {
        return null;
    }
}
