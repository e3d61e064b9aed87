package io.hioload.transport.iouring;

import io.hioload.testkit.transport.TransportTestKit;
import io.hioload.transport.TransportProvider;

class IoUringTransportTest extends TransportTestKit {

    @Override
    protected TransportProvider provider() {
        return new IoUringTransportProvider();
    }
}
