package io.hioload.transport.nio;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One selector and the keys that are on their way out of it. The loop's thread only, {@link #wakeup} apart.
 *
 * <p>A key that is cancelled stays registered until the next select, and until then the same selector refuses its channel.
 * So the key of a detached channel first goes quiet, and is cancelled just before that select unless the channel came
 * back.
 */
final class SelectorKeys {

    private final Selector selector;
    private final List<SelectionKey> detached = new ArrayList<>();
    private boolean selecting;

    SelectorKeys() throws IOException {
        selector = Selector.open();
    }

    /**
     * Registers a channel.
     *
     * @param channel    non-blocking
     * @param ops        interest
     * @param attachment owner
     * @return the key, or {@code null} if the channel is closed
     */
    SelectionKey register(SelectableChannel channel, int ops, Object attachment) {
        try {
            SelectionKey key = channel.keyFor(selector);
            if (key != null && key.isValid()) {
                key.attach(attachment);
                return key.interestOps(ops);
            }
            return channel.register(selector, ops, attachment);
        } catch (IOException | CancelledKeyException e) {
            return null;
        }
    }

    /**
     * Lets a channel go without closing it.
     *
     * @param key of the channel
     */
    void letGo(SelectionKey key) {
        if (key.isValid()) {
            key.interestOps(0);
            key.attach(null);
            detached.add(key);
        }
    }

    /**
     * Waits for ready keys.
     *
     * @param action    is given each
     * @param timeoutNs 0 does not wait, negative waits without limit
     * @throws IOException if the system refuses
     */
    void select(Consumer<SelectionKey> action, long timeoutNs) throws IOException {
        cancelDetached();
        selecting = true;
        try {
            if (timeoutNs == 0) {
                selector.selectNow(action);
            } else {
                selector.select(action, timeoutNs < 0 ? 0 : Math.ceilDiv(timeoutNs, 1_000_000));
            }
        } finally {
            selecting = false;
        }
    }

    /**
     * Frees the descriptors of closed channels now, which the JDK does in the next select only: a port stays bound until
     * then. What is ready shows again in the next select. From within a select it is that select which frees them.
     *
     * @throws IOException if the system refuses
     */
    void freeClosed() throws IOException {
        if (!selecting) {
            selector.selectNow();
            selector.selectedKeys().clear();
        }
    }

    private void cancelDetached() {
        while (!detached.isEmpty()) {
            SelectionKey key = detached.removeLast();
            if (key.attachment() == null) {
                key.cancel();
            }
        }
    }

    void wakeup() {
        selector.wakeup();
    }

    void close() throws IOException {
        cancelDetached();
        // deregisters what is cancelled or closed, which frees the descriptors
        selector.selectNow();
        selector.close();
    }
}
