package io.hioload.transport;

import io.hioload.control.ConfigKey;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One kind of transport. A service in OSGi, a {@link java.util.ServiceLoader} provider outside. All calls are cold: they
 * may block. Any thread may call all but {@link #open}.
 */
@ConsumerType
public interface TransportProvider {

    /** Service property with the same value as {@link #name}. */
    String NAME_PROPERTY = "hioload.transport";

    /** {@link #handleKind} of transports whose handles are POSIX file descriptors of this process. */
    String FILE_DESCRIPTOR = "fd";

    /**
     * The transport's name: configuration value and metric label.
     *
     * @return lower case, such as {@code epoll}
     */
    String name();

    /**
     * How good it is where it is usable: {@code transport = auto} takes the highest.
     *
     * @return nio is 0, epoll 100, io_uring 200
     */
    int preference();

    /**
     * What it can do.
     *
     * @return bits of {@link Capability}
     */
    long capabilities();

    /**
     * What its handles are. Loops of equal kinds can hand listeners and connections to each other.
     *
     * @return such as {@link #FILE_DESCRIPTOR}
     */
    String handleKind();

    /**
     * The settings that it alone has. Whoever configures a server may set them also while another transport is in use, or
     * while this one is not there.
     *
     * @return keys whose names begin with {@code transport.}, {@link #name} and a dot, such as
     *         {@code transport.io_uring.entries}; {@link TransportSettings#properties} holds the text of those that are set
     */
    default List<ConfigKey> keys() {
        return List.of();
    }

    /**
     * Whether it can be used here and now. Tries the real thing and gives back what it took.
     *
     * @return usable, or the reason; never throws
     */
    Availability availability();

    /**
     * Opens a loop. Called on the thread that will own it. Loads every class that the loop will ever need, so that
     * nothing has to be loaded after the plugin's bundle was stopped.
     *
     * @param context what the loop lives on
     * @return the loop
     * @throws TransportException if the system refuses
     */
    TransportLoop open(LoopContext context) throws TransportException;

    /**
     * Disposes of a handle that came from {@link TransportLoop#detachListener} or
     * {@link TransportEvents#onDetached} and that no loop will adopt.
     *
     * @param handle of this provider's {@link #handleKind}
     */
    void discard(long handle);
}
