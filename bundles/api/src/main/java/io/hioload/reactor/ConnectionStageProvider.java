package io.hioload.reactor;

import io.hioload.control.ConfigKey;
import io.hioload.protocol.Role;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes stages that stand between the bytes of connections and their handlers, as encryption does. A service in OSGi, a
 * {@link java.util.ServiceLoader} provider outside. Any thread; all calls are cold and may block.
 */
@ConsumerType
public interface ConnectionStageProvider {

    /**
     * What it is called: the key that switches it on, and the first part of the names of its own.
     *
     * @return lower case, such as {@code tls}
     */
    String name();

    /**
     * Its settings. Whoever configures a server may set them also while the stage is off, or its provider not there.
     *
     * @param role which side of the connections
     * @return keys whose names begin with {@link #name} and a dot, such as {@code tls.certificate}
     */
    List<ConfigKey> keys(Role role);

    /**
     * Makes a stage.
     *
     * @param role       which side of the connections it is on
     * @param owner      the server's or client's name, for thread names and the log
     * @param properties values by the names of {@link #keys}; one that is missing has its default
     * @return to be closed by the caller
     * @throws IllegalArgumentException if it cannot be made of that; names key, value and what is wrong with it
     */
    ConnectionStage open(Role role, String owner, Map<String, String> properties);
}
