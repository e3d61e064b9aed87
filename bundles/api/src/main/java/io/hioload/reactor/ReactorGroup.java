package io.hioload.reactor;

import io.hioload.control.DebugProbe;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.TransportProvider;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** Reactors that run on one transport and share one memory ceiling. Any thread; nothing here blocks but {@link #close}. */
@ProviderType
public interface ReactorGroup extends AutoCloseable {

    /**
     * The reactors.
     *
     * @return at least one, in the order of their index
     */
    List<Reactor> reactors();

    /**
     * Takes turns over the reactors, for work that any of them can do.
     *
     * @return the next one
     */
    Reactor next();

    /**
     * What it runs on.
     *
     * @return the provider whose loops are open
     */
    TransportProvider transport();

    /**
     * Listens: on every reactor with SO_REUSEPORT where the transport can, else on one that hands connections out. All or
     * nothing: when a reactor fails or does not get to it within a few seconds, or the returned stage's future is
     * cancelled, no socket stays open.
     *
     * @param local   address; port 0 lets the system choose
     * @param options how
     * @param factory makes the handler of each accepted connection, on its reactor
     * @return the listener, or exceptionally a {@link java.net.BindException} with the reason
     */
    CompletionStage<Listener> listen(SocketAddress local, ListenOptions options, ConnectionHandlerFactory factory);

    /**
     * Goes on with listeners of another group, accept queue and all. Both groups' transports must have the same handle
     * kind. The sockets are dealt out over this group's reactors. All or nothing: when a reactor of either group fails or
     * does not get to it within a few seconds, or the returned stage's future is cancelled, the listener goes on in its
     * old group.
     *
     * @param listener of another group; it is no longer open there afterwards
     * @param factory  makes the handler of each accepted connection, on its reactor
     * @return the listener of this group
     */
    CompletionStage<Listener> takeOver(Listener listener, ConnectionHandlerFactory factory);

    /**
     * Open connections over all reactors.
     *
     * @return how many
     */
    int connections();

    /**
     * What the group shows to a person: one for each reactor, and the memory.
     *
     * @return probes
     */
    List<DebugProbe> probes();

    /**
     * Stops: listeners close, connections that are still there are reset (their handlers hear of it), threads end,
     * memory goes back. Waits for the threads, at most a few seconds. Not to be called on a reactor's thread.
     */
    @Override
    void close();
}
