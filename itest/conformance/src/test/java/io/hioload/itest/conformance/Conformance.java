package io.hioload.itest.conformance;

import java.util.List;

/** What both directions have in common. */
final class Conformance {

    /** Every transport of this machine. */
    static final List<String> TRANSPORTS = List.of("nio", "epoll", "io_uring");
    /** All of behaviour, and 16 of the 54 of performance: as many as a build has time for. */
    static final int CASES = 247 + 16;
    /** For one direction with all transports, in seconds; all cases take longest on a busy machine. */
    static final long DEADLINE_S = 1_500;

    private Conformance() {
    }
}
