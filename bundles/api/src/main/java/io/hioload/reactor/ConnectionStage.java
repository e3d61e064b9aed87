package io.hioload.reactor;

import io.hioload.control.DebugProbe;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A stage of one server or client. For each connection it makes an object that is a {@link StagedHandler} towards the
 * reactor and a {@link Connection} towards the handler above, which does not see whether there is a stage.
 *
 * <p>{@link #accept} and {@link #connect} are called on the reactor of the connection, everything else on any thread and may
 * block.
 */
@ConsumerType
public interface ConnectionStage extends DebugProbe, AutoCloseable {

    /**
     * Takes an accepted connection.
     *
     * @param raw  whose bytes go through the stage
     * @param next makes the handler above, when the stage is through with its own handshake; that handler's
     *             {@link ConnectionHandler#onOpen} follows
     * @return the handler of the raw connection, or {@code null} to refuse it
     */
    ConnectionHandler accept(Connection raw, ConnectionHandlerFactory next);

    /**
     * Makes the handler for a {@link Reactor#connect}.
     *
     * @param host   name or address of the peer, as the user gave it: what it has to prove to be
     * @param port   of the peer
     * @param next   the handler above; {@link ConnectionHandler#onOpen} follows when the stage is through with its handshake,
     *               {@link ConnectionHandler#onConnectFailed} when the connection below cannot be opened
     * @param failed is told, in place of both, when the handshake of the stage has failed
     * @return the handler of the raw connection
     */
    ConnectionHandler connect(String host, int port, ConnectionHandler next, Consumer<IOException> failed);

    /**
     * Prepares other settings. Nothing changes until the result is run, which does not fail; connections that are open go on
     * by what they have.
     *
     * @param properties as for {@link ConnectionStageProvider#open}
     * @return puts them in force, for connections that come afterwards
     * @throws IllegalArgumentException if they are not right; names key, value and what is wrong with it
     */
    Runnable prepare(Map<String, String> properties);

    /** Gives up threads and memory of its own. Connections that are open go on; handshakes that are not over fail. */
    @Override
    void close();
}
