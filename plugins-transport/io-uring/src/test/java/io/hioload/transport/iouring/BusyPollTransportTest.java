package io.hioload.transport.iouring;

import io.hioload.testkit.transport.TransportTestKit;
import io.hioload.transport.TransportProvider;
import io.hioload.transport.TransportSettings;
import java.util.Map;

/** Asked to poll the device while it waits; the loopback has none, and then nothing must be different. */
class BusyPollTransportTest extends TransportTestKit {

    @Override
    protected TransportProvider provider() {
        return new ConfiguredProvider(new TransportSettings(TransportSettings.DEFAULT_RECEIVE_BYTES, 50, Map.of()));
    }
}
