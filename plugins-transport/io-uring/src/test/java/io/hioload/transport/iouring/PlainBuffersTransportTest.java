package io.hioload.transport.iouring;

import io.hioload.testkit.transport.TransportTestKit;
import io.hioload.transport.TransportProvider;
import io.hioload.transport.TransportSettings;
import java.util.Map;

/** Every fall-back at once, as on Linux 6.1. */
class PlainBuffersTransportTest extends TransportTestKit {

    @Override
    protected TransportProvider provider() {
        return new ConfiguredProvider(new TransportSettings(TransportSettings.DEFAULT_RECEIVE_BYTES,
                Map.of(UringSettings.WITHOUT, "no_sqarray, registered_ring, incremental_buffers, send_zc, sqpoll")));
    }
}
