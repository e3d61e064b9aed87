package io.hioload.transport.iouring;

import java.util.Locale;

/** What a kernel may lack without the transport being lost. The comment says since which Linux it is there. */
enum Feature {

    /** The submission queue has no index array: 6.6. */
    NO_SQARRAY,
    /** The ring is entered without looking its descriptor up: 5.18. */
    REGISTERED_RING,
    /** Receives fill a buffer one after the other: 6.12. */
    INCREMENTAL_BUFFERS,
    /** Sends need not be copied: 6.0, for gathered ones 6.1. */
    SEND_ZC,
    /** A kernel thread takes the submissions, if one asks for it: with SINGLE_ISSUER 6.0. */
    SQPOLL;

    /**
     * As it stands in settings, counters and the log.
     *
     * @return lower case
     */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
