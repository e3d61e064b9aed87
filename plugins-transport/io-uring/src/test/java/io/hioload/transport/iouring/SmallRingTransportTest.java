package io.hioload.transport.iouring;

import io.hioload.testkit.transport.TransportTestKit;
import io.hioload.transport.TransportProvider;
import io.hioload.transport.TransportSettings;
import java.util.Map;

/** So small that submissions fill the queue, completions overflow and receive buffers run out all the time. */
class SmallRingTransportTest extends TransportTestKit {

    @Override
    protected TransportProvider provider() {
        return new ConfiguredProvider(new TransportSettings(2048, Map.of(UringSettings.ENTRIES, "8", UringSettings.BUFFERS, "2")));
    }
}
