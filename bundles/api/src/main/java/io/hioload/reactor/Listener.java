package io.hioload.reactor;

import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** An open listening address of a group. Any thread. */
@ProviderType
public interface Listener {

    /**
     * The address that it is bound to.
     *
     * @return with the real port
     */
    SocketAddress localAddress();

    /**
     * Stops accepting; connections that were accepted stay.
     *
     * @return completes when no reactor accepts any more; closing again is no error
     */
    CompletionStage<Void> close();
}
