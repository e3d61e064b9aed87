package io.hioload.transport.epoll;

import io.hioload.testkit.transport.TransportTestKit;
import io.hioload.transport.TransportProvider;

class EpollTransportTest extends TransportTestKit {

    @Override
    protected TransportProvider provider() {
        return new EpollTransportProvider();
    }
}
