package io.hioload.transport.iouring;

import io.hioload.testkit.transport.TransportTestKit;
import io.hioload.transport.TransportProvider;
import io.hioload.transport.epoll.EpollTransportProvider;

/** The first loop of each case is epoll, the second io_uring, and so on. */
class HandOverFromEpollTest extends TransportTestKit {

    private int loops;

    @Override
    protected TransportProvider provider() {
        return loops++ % 2 == 0 ? new EpollTransportProvider() : new IoUringTransportProvider();
    }
}
