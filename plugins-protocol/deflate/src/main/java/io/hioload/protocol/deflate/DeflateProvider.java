package io.hioload.protocol.deflate;

import io.hioload.buffer.BufferPool;
import io.hioload.control.ConfigKey;
import io.hioload.control.Counters;
import io.hioload.protocol.MessageExtension;
import io.hioload.protocol.MessageExtensionProvider;
import io.hioload.protocol.Role;
import io.hioload.transport.Availability;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** Compression of messages (RFC 7692) with the system's zlib. Any thread; holds nothing. */
@Component(service = MessageExtensionProvider.class)
public final class DeflateProvider implements MessageExtensionProvider {

    /** Makes the provider. */
    public DeflateProvider() {
        // declared for its comment: DS and ServiceLoader make it
    }

    @Override
    public String name() {
        return DeflateParameters.NAME;
    }

    @Override
    public List<ConfigKey> keys() {
        return DeflateSettings.KEYS;
    }

    @Override
    public Availability availability() {
        try {
            Zlib.version();
            return Availability.USABLE;
        } catch (LinkageError | RuntimeException e) {
            return Availability.unusable("zlib cannot be called: " + (e.getCause() == null ? e : e.getCause()));
        }
    }

    @Override
    public MessageExtension open(Role role, BufferPool buffers, Counters counters, Map<String, String> properties) {
        DeflateSettings settings = DeflateSettings.of(properties);
        return settings.enabled() ? new Deflate(settings, buffers, counters) : null;
    }
}
