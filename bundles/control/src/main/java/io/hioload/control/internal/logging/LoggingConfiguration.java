package io.hioload.control.internal.logging;

import io.hioload.control.ConfigException;
import io.hioload.control.ConfigMetatype;
import java.lang.System.Logger;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.cm.ConfigurationException;
import org.osgi.service.cm.ManagedService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.MetaTypeProvider;
import org.osgi.service.metatype.ObjectClassDefinition;

/**
 * Log levels as configuration, PID {@code io.hioload.logging}, and by the command {@code hioload:loglevel}. Any thread;
 * returns at once. A configuration that is wrong changes nothing.
 */
@Component(immediate = true, configurationPolicy = ConfigurationPolicy.IGNORE, service = {ManagedService.class, MetaTypeProvider.class,
        LoggingConfiguration.class}, property = {"service.pid=" + LoggingSchema.PID, "metatype.pid=" + LoggingSchema.PID,
                "osgi.command.scope=hioload", "osgi.command.function=loglevel"})
public final class LoggingConfiguration implements ManagedService, MetaTypeProvider {

    private static final Logger LOG = System.getLogger(LoggingConfiguration.class.getName());

    private final LogLevels levels = new LogLevels();

    /** Made by Declarative Services. */
    @Activate
    public LoggingConfiguration() {
    }

    /** All levels are again what they were. */
    @Deactivate
    void deactivate() {
        levels.set(Map.of());
    }

    /** Without properties there is no such configuration any more. */
    @Override
    public void updated(Dictionary<String, ?> properties) throws ConfigurationException {
        Map<String, Object> values = new HashMap<>();
        if (properties != null) {
            Collections.list(properties.keys()).forEach(key -> values.put(key, properties.get(key)));
        }
        try {
            levels.set(LoggingSchema.read(LoggingSchema.PID, values));
        } catch (ConfigException e) {
            LOG.log(Logger.Level.ERROR, e.getMessage() + " (the levels stay as they were)");
        }
    }

    /**
     * Shows the levels that were set.
     *
     * @return a line for each
     */
    @Descriptor("the log levels that were set; all others are as the JVM was started with")
    public String loglevel() {
        StringBuilder text = new StringBuilder();
        levels.levels().forEach((name, level) -> text.append(name).append(" = ").append(level).append('\n'));
        return text.toString().stripTrailing();
    }

    /**
     * Sets one level.
     *
     * @param name  how the loggers' names begin
     * @param level the level
     * @return what was set
     * @throws ConfigException if it is no level
     */
    @Descriptor("sets the level of loggers, until the process ends or the configuration io.hioload.logging changes")
    public String loglevel(@Descriptor("how the loggers' names begin, or root for all") String name,
            @Descriptor("ALL, TRACE, DEBUG, INFO, WARNING, ERROR or OFF") String level) throws ConfigException {
        LoggingSchema.read("shell", Map.of(name, level)).forEach(levels::set);
        return loglevel();
    }

    @Override
    public ObjectClassDefinition getObjectClassDefinition(String id, String locale) {
        if (!id.equals(LoggingSchema.PID)) {
            throw new IllegalArgumentException("unknown PID " + id);
        }
        return new ConfigMetatype(LoggingSchema.schema());
    }

    @Override
    public String[] getLocales() {
        return null;
    }
}
