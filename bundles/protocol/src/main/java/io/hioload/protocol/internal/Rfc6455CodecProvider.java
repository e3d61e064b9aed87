package io.hioload.protocol.internal;

import io.hioload.buffer.BufferPool;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.FrameDecoder;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.Role;
import org.osgi.service.component.annotations.Component;

/** The frame codec of RFC 6455 without extensions. Any thread; holds nothing. */
@Component
public final class Rfc6455CodecProvider implements FrameCodecProvider {

    /** Called by Declarative Services and {@link java.util.ServiceLoader}. */
    public Rfc6455CodecProvider() {
        // Nothing to hold.
    }

    @Override
    public FrameDecoder decoder(Role role, FrameLimits limits, BufferPool buffers) {
        return new Rfc6455Decoder(role, limits, buffers);
    }

    @Override
    public FrameEncoder encoder(Role role) {
        return new Rfc6455Encoder(role);
    }
}
