package io.hioload.reactor.internal;

import java.util.function.LongConsumer;

/**
 * A socket on its way from one loop to another. Belongs to whoever has it: it is adopted or discarded. Any thread.
 *
 * @param value   the handle
 * @param kind    of the transport that it came from; only loops of the same kind can adopt it
 * @param discard closes it, when nobody adopts it
 */
record DetachedHandle(long value, String kind, LongConsumer discard) {

    void dispose() {
        discard.accept(value);
    }
}
