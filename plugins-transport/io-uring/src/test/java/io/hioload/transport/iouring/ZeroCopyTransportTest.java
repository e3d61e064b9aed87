package io.hioload.transport.iouring;

import io.hioload.testkit.transport.TransportTestKit;
import io.hioload.transport.TransportProvider;
import io.hioload.transport.TransportSettings;
import java.util.Map;

/** No send is copied, however short. */
class ZeroCopyTransportTest extends TransportTestKit {

    @Override
    protected TransportProvider provider() {
        return new ConfiguredProvider(
                new TransportSettings(TransportSettings.DEFAULT_RECEIVE_BYTES, Map.of(UringSettings.ZERO_COPY, "1")));
    }
}
