package io.hioload.protocol.http1;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The Date header's value (RFC 9110, section 5.6.7), made once a second. Any thread. */
final class HttpDate {

    /** The size of every such date. */
    static final int LENGTH = 29;

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private record Stamp(long second, byte[] text) {
    }

    /** Replaced as a whole; two threads that make the same second's do no harm. */
    private static volatile Stamp last = new Stamp(-1, null);

    private HttpDate() {
    }

    /** The date of a time in US-ASCII; not to be changed. */
    static byte[] at(long epochMs) {
        long second = Math.floorDiv(epochMs, 1000L);
        Stamp stamp = last;
        if (stamp.second != second) {
            stamp = new Stamp(second, FORMAT.format(Instant.ofEpochSecond(second)).getBytes(StandardCharsets.US_ASCII));
            last = stamp;
        }
        return stamp.text;
    }
}
