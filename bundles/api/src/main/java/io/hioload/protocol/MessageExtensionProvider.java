package io.hioload.protocol;

import io.hioload.buffer.BufferPool;
import io.hioload.control.ConfigKey;
import io.hioload.control.Counters;
import io.hioload.transport.Availability;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An extension that changes whole messages and marks them by the reserved bit RSV1 (RFC 6455, section 9), as compression
 * does. A service in OSGi, a {@link java.util.ServiceLoader} provider outside. Any thread.
 */
@ConsumerType
public interface MessageExtensionProvider {

    /**
     * The extension's token in the opening handshake.
     *
     * @return such as {@code permessage-deflate}
     */
    String name();

    /**
     * Keys of its own in the configuration of servers and clients.
     *
     * @return keys whose names begin with {@code extension.}
     */
    default List<ConfigKey> keys() {
        return List.of();
    }

    /**
     * Whether it can be used here and now.
     *
     * @return usable, or the reason; never throws
     */
    Availability availability();

    /**
     * Makes the extension for the sessions of one reactor in one role.
     *
     * @param role       which side of the connections this is
     * @param buffers    memory, confined to the reactor's thread
     * @param counters   of the reactor
     * @param properties values by the names of {@link #keys}; one that is missing has its default
     * @return the extension, or {@code null} if the properties turn it off
     * @throws IllegalArgumentException if a property is not allowed
     */
    MessageExtension open(Role role, BufferPool buffers, Counters counters, Map<String, String> properties);
}
