package io.hioload.transport.iouring;

import io.hioload.testkit.transport.TransportTestKit;
import io.hioload.transport.TransportProvider;
import io.hioload.transport.TransportSettings;
import java.util.Map;

/** A kernel thread takes the submissions, and sleeps whenever it can. */
class SqPollTransportTest extends TransportTestKit {

    @Override
    protected TransportProvider provider() {
        return new ConfiguredProvider(new TransportSettings(TransportSettings.DEFAULT_RECEIVE_BYTES,
                Map.of(UringSettings.SQ_POLL, "true", UringSettings.SQ_POLL_IDLE, "1")));
    }

    @Override
    protected boolean acceptsByItself() {
        return true;
    }
}
