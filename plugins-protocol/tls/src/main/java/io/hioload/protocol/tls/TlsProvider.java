package io.hioload.protocol.tls;

import io.hioload.control.ConfigKey;
import io.hioload.protocol.Role;
import io.hioload.reactor.ConnectionStage;
import io.hioload.reactor.ConnectionStageProvider;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** TLS 1.3 and 1.2 by the JDK's SSLEngine. Any thread; holds nothing. */
@Component(service = ConnectionStageProvider.class)
public final class TlsProvider implements ConnectionStageProvider {

    /** What the stage is called. */
    public static final String NAME = "tls";

    /** Makes the provider. */
    public TlsProvider() {
        // declared for its comment: DS and ServiceLoader make it
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ConfigKey> keys(Role role) {
        return role == Role.SERVER ? TlsSettings.SERVER_KEYS : TlsSettings.CLIENT_KEYS;
    }

    @Override
    public ConnectionStage open(Role role, String owner, Map<String, String> properties) {
        return new TlsStage(role, owner, TlsSettings.of(role, properties));
    }
}
