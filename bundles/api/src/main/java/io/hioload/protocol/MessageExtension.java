package io.hioload.protocol;

import org.osgi.annotation.versioning.ConsumerType;

/** An extension on one reactor in one role: what its sessions share. The reactor's thread only. */
@ConsumerType
public interface MessageExtension extends AutoCloseable {

    /**
     * What a client offers.
     *
     * @return elements of {@code Sec-WebSocket-Extensions}
     */
    String offer();

    /**
     * Looks, as a server, at one offer.
     *
     * @param offer of this extension's name
     * @return the coder of the new session, whose {@link MessageCoder#answer} is sent; {@code null} declines the offer
     */
    MessageCoder accept(ExtensionOffer offer);

    /**
     * Looks, as a client, at what the server has answered to {@link #offer}.
     *
     * @param answer of this extension's name
     * @return the coder of the new session, or {@code null} if the server may not answer so: the connection is to be failed
     */
    MessageCoder accepted(ExtensionOffer answer);

    /**
     * Gives memory back of sessions that have been quiet. Called about once a second.
     *
     * @param nowNs the clock
     */
    void sweep(long nowNs);

    /** Ends it; its coders are closed before. */
    @Override
    void close();
}
