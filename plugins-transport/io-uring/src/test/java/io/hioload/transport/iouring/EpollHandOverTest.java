package io.hioload.transport.iouring;

import io.hioload.testkit.transport.TransportTestKit;
import io.hioload.transport.TransportProvider;
import io.hioload.transport.epoll.EpollTransportProvider;

/** The first loop of each case is io_uring, the second epoll, and so on: listeners and connections move between the two. */
class EpollHandOverTest extends TransportTestKit {

    private int loops;

    @Override
    protected TransportProvider provider() {
        return loops++ % 2 == 0 ? new IoUringTransportProvider() : new EpollTransportProvider();
    }
}
