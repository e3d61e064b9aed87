package io.hioload.transport;

import io.hioload.buffer.Buffer;
import java.net.SocketAddress;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One transport on one reactor thread. Only that thread calls it, except {@link #wakeup}. Connections are named by the
 * id that {@link TransportEvents#onAccept} gave or that was passed to {@link #connect} or {@link #adopt}:
 * {@code generation << 32 | slot}; a call with an id whose generation is past answers {@link Status#CLOSED}.
 *
 * <p>Ownership: a buffer passed to {@link #send} with result {@link Status#OK} belongs to the loop until it comes back
 * by {@link TransportEvents#onSent} or {@link TransportEvents#onUnsent}; with {@link Status#SENT} it never left the caller.
 * Handles that are detached belong to the caller.
 *
 * <p>Results are {@link Status} codes; nothing here throws on the data path.
 */
@ConsumerType
public interface TransportLoop extends AutoCloseable {

    /**
     * Waits for and delivers events.
     *
     * @param limit     about how many events to deliver at the most, so that one turn has an end
     * @param timeoutNs 0 returns at once, a negative value waits until an event or {@link #wakeup}, a positive one waits
     *                  up to that long (rounded up to what the system can do)
     * @return how many events were delivered; a wake-up is none
     */
    int poll(int limit, long timeoutNs);

    /**
     * Sends bytes after all that were sent before on the connection. A loop whose system calls take the bytes at once
     * answers SENT when they took all of them; one that only hands them to the system answers OK.
     *
     * @param id     connection
     * @param buffer holds the bytes; one reference moves to the loop when the result is OK, and only then
     * @param offset first byte, relative to the buffer
     * @param length at least 1
     * @return SENT when the system has taken all of it: the buffer is the caller's as before and no
     *         {@link TransportEvents#onSent} follows; OK when the loop keeps it until {@link TransportEvents#onSent}, which
     *         may come before this returns; CLOSED, or BACK_PRESSURED when the loop cannot even queue it or is still
     *         connecting
     */
    int send(long id, Buffer buffer, int offset, int length);

    /**
     * Hands everything that was sent in this turn to the system. Called once at the end of each turn.
     *
     * @return how many operations were submitted
     */
    int flush();

    /**
     * Turns receiving on and off; it is on at first. What is already on its way may still arrive after turning off.
     *
     * @param id connection
     * @param on whether to receive
     * @return OK or CLOSED
     */
    int receiving(long id, boolean on);

    /**
     * Closes a connection; {@link TransportEvents#onClosed} follows, possibly before this returns. From now on nothing
     * is received and {@link #send} answers CLOSED. ABORT after FLUSH cuts the flush short. A connection that is not yet
     * connected ends with {@link TransportEvents#onConnect} and LOCAL_CLOSE instead.
     *
     * @param id  connection
     * @param how flush or abort
     * @return OK or CLOSED
     */
    int close(long id, CloseMode how);

    /**
     * Listens.
     *
     * @param listener number that names the listener, a small number from 0
     * @param local    address; port 0 lets the system choose
     * @param options  how
     * @return OK or why not: ADDRESS_IN_USE, ADDRESS_NOT_AVAILABLE, NOT_PERMITTED, NO_RESOURCES, OS_ERROR, NOT_SUPPORTED
     */
    int listen(int listener, SocketAddress local, ListenOptions options);

    /**
     * Stops listening; what waits in the accept queue is reset by the system. The address is free when this returns, unless
     * it is called from within {@link #poll}: then it is when that returns.
     *
     * @param listener listener
     * @return OK or CLOSED
     */
    int unlisten(int listener);

    /**
     * The address a listener is bound to.
     *
     * @param listener listener
     * @return the address with the real port, or {@code null} if it is not open
     */
    SocketAddress localAddress(int listener);

    /**
     * Connects; {@link TransportEvents#onConnect} follows, possibly before this returns. Bytes may be sent afterwards.
     *
     * @param id     names the connection
     * @param remote address
     * @return OK, or why it could not even be tried; then no event follows
     */
    int connect(long id, SocketAddress remote);

    /**
     * The peer's address. Cold.
     *
     * @param id connection
     * @return the address, or {@code null} if it is not open
     */
    SocketAddress remoteAddress(long id);

    /**
     * What the kernel or a device may still touch: operations submitted whose completion has not come. Connections that
     * are open but quiet do not count.
     *
     * @return operations; {@link #close} is legal at 0
     */
    int inFlight();

    /** Makes a blocked or the next {@link #poll} return at once. Any thread, any time before {@link #close} returned. */
    void wakeup();

    /**
     * Gives a listener away with its accept queue; it no longer accepts here.
     *
     * @param listener listener
     * @return the handle, or a negative status
     */
    long detachListener(int listener);

    /**
     * Takes a listener over.
     *
     * @param listener number that names it from now on
     * @param handle   of the same {@link TransportProvider#handleKind}; belongs to the loop when the result is OK
     * @return OK or why not
     */
    int adoptListener(int listener, long handle);

    /**
     * Gives a live connection away: stops receiving, hands unsent bytes back by {@link TransportEvents#onUnsent} in
     * their order, then calls {@link TransportEvents#onDetached}, possibly before this returns.
     *
     * @param id connection
     * @return OK, CLOSED (also while it is being closed), or NOT_SUPPORTED
     */
    int detach(long id);

    /**
     * Takes a live connection over; receiving is on.
     *
     * @param id     names the connection from now on
     * @param handle of the same {@link TransportProvider#handleKind}; belongs to the loop when the result is OK
     * @return OK or why not
     */
    int adopt(long id, long handle);

    /**
     * Takes a live connection over whose receiving is off. A loop that begins to receive when it adopts does not here, so that
     * nothing comes that was not on its way before.
     *
     * @param id     names the connection from now on
     * @param handle as for {@link #adopt}
     * @return OK or why not
     */
    default int adoptPaused(long id, long handle) {
        int status = adopt(id, handle);
        if (status == Status.OK) {
            receiving(id, false);
        }
        return status;
    }

    /**
     * Closes the loop and everything still open in it: connections are reset (their unsent buffers released by
     * {@link TransportEvents#onSent} with CLOSED, then {@link TransportEvents#onClosed}), listeners closed. Legal
     * when {@link #inFlight} is 0.
     */
    @Override
    void close();
}
