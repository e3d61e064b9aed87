package io.hioload.protocol;

import io.hioload.buffer.BufferPool;
import org.osgi.annotation.versioning.ConsumerType;

/** Makes frame codecs: a service in OSGi, a {@link java.util.ServiceLoader} provider outside. Any thread. */
@ConsumerType
public interface FrameCodecProvider {

    /**
     * Makes a decoder for the connections of one reactor that are in one role.
     *
     * @param role    which side of the connection this is
     * @param limits  what to accept
     * @param buffers where messages that arrive in pieces are put together; confined to the reactor's thread
     * @return a decoder for the reactor's thread only
     */
    FrameDecoder decoder(Role role, FrameLimits limits, BufferPool buffers);

    /**
     * Makes an encoder.
     *
     * @param role which side of the connection this is; clients mask
     * @return an encoder for any thread
     */
    FrameEncoder encoder(Role role);
}
