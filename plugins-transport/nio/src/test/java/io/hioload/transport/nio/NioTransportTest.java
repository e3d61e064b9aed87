package io.hioload.transport.nio;

import io.hioload.testkit.transport.TransportTestKit;
import io.hioload.transport.TransportProvider;

class NioTransportTest extends TransportTestKit {

    @Override
    protected TransportProvider provider() {
        return new NioTransportProvider();
    }
}
