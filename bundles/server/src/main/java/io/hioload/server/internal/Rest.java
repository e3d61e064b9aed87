package io.hioload.server.internal;

import java.time.Instant;

/**
 * Why a server has no transport, and since when. Immutable.
 *
 * @param reason what is in the way, for a person
 * @param since  when it began
 */
record Rest(String reason, Instant since) {

    /** The reason may change while it lasts. */
    static Rest because(Rest before, String reason) {
        return new Rest(reason, before == null ? Instant.now() : before.since());
    }
}
