package io.hioload.reactor;

import io.hioload.control.DebugProbe;
import io.hioload.transport.ListenOptions;
import io.hioload.transport.TransportProvider;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reactors that run on one transport and share one memory ceiling. Any thread; nothing here blocks but {@link #close}. The
 * transport, the number of reactors and their settings can be changed while they serve.
 */
@ProviderType
public interface ReactorGroup extends AutoCloseable {

    /**
     * The present reactors. {@link #configure} may change them: reactors with higher numbers come and go.
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
     * @return the provider whose loops serve; {@code null} while there is none, see {@link #changeTransport}
     */
    TransportProvider transport();

    /**
     * What it runs by.
     *
     * @return the settings that all reactors have
     */
    ReactorSettings settings();

    /**
     * Changes the transport below all reactors while they serve. Nothing above the reactor notices: reactors, listeners,
     * connections with their ids, timers, timeouts and handlers stay. Each reactor opens the new loop beside the old one; when
     * all have, listening sockets go over with their accept queues, then live connections as the policy says, a few in each
     * turn. Bytes that were not sent yet are sent in their order by the new loop; receiving stays off where it was off. The old
     * loop is polled on until nothing is left in it, and closed.
     *
     * <p>Where handles cannot be exchanged (another {@link TransportProvider#handleKind}), a listening address is closed, after
     * what waits there was accepted, and bound again, which may refuse who connects in that moment.
     *
     * <p>Without a next transport the group rests: reactors run tasks and timers, listening sockets and live connections are
     * kept as handles where they are POSIX descriptors, so that peers only wait; what is sent is queued. Other kinds of
     * connection end as under {@link ChangePolicy.Live#FINISH}, and their listening addresses are bound again when a transport
     * comes.
     *
     * <p>Changes that are asked for meanwhile wait until the one before has switched; they do not wait for connections that
     * come to their end on an older loop. Nothing refers to the old provider when its last loop is closed. The same provider
     * may be given again: its loops are opened anew.
     *
     * @param next   what to run on; {@code null} for nothing
     * @param policy what becomes of live connections
     * @return completes when the last old loop is closed; exceptionally, with everything as it was, with a
     *         {@link io.hioload.transport.TransportException} when a loop could not be opened, or an
     *         {@link IllegalStateException} when the group is closed or seven older loops are still at work; exceptionally with a
     *         {@link java.net.BindException} when the transport has changed but an address could not be bound again
     */
    CompletionStage<TransportChange> changeTransport(TransportProvider next, ChangePolicy policy);

    /**
     * Changes how it runs while it serves. All settings are live but {@code name} and {@code taskQueueSlots}, which stay what
     * they were. Changed settings of the transport, and more connections at the most than before, open its loops anew, as
     * {@link #changeTransport} to the same provider does. With fewer reactors, those with the highest numbers give their
     * connections, and their listening sockets with the accept queues, to the others and end; a connection whose handler does
     * not let it move ({@link ConnectionHandler#mayMove}) comes to its end there first, as the policy says. A new reactor
     * takes connections from then on; with an address that only one socket listens on, it gets its turn.
     *
     * @param settings from now on
     * @param policy   what becomes of connections that have to move
     * @return completes when every reactor runs by them and those that are to go have gone; exceptionally with a
     *         {@link io.hioload.transport.TransportException} when a loop could not be opened; then everything is as it was
     */
    default CompletionStage<Void> configure(ReactorSettings settings, ChangePolicy policy) {
        return configure(settings, policy, reactor -> {
        });
    }

    /**
     * The same, and more at the same moment: each reactor calls {@code with} in the task in which it takes the settings, so
     * between two batches of events. No batch sees the one without the other. A reactor that is new calls it before it gets
     * any connection; one that goes need not.
     *
     * @param settings from now on
     * @param policy   what becomes of connections that have to move
     * @param with     is given the reactor whose thread it runs on; must not throw
     * @return as above
     */
    CompletionStage<Void> configure(ReactorSettings settings, ChangePolicy policy, Consumer<Reactor> with);

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
     * Goes on with a listener of another group, accept queue and all. Both groups' transports must have the same handle
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
