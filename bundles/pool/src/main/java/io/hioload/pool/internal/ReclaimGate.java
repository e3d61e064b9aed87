package io.hioload.pool.internal;

/**
 * Decides whether looking for wholly free spans is worth while, so that refusals stay cheap: a look that found nothing is
 * repeated when a span's worth more is free, or when pressure was raised again, since a single slot can be what was missing.
 * For one thread at a time.
 */
final class ReclaimGate {

    /** The least that was free since a look found nothing. */
    private long futileFreeBytes = -Span.MIN_BYTES;
    private long pressureSeen;

    ReclaimGate(long pressure) {
        pressureSeen = pressure;
    }

    /** Whether to look now. */
    boolean isWorthwhile(long freeBytes, long pressure) {
        if (freeBytes >= futileFreeBytes + Span.MIN_BYTES || pressure != pressureSeen) {
            return true;
        }
        futileFreeBytes = Math.min(futileFreeBytes, freeBytes);
        return false;
    }

    /** Remembers what a look found. */
    void looked(long freeBytes, long foundBytes, long pressure) {
        futileFreeBytes = foundBytes == 0 ? freeBytes : -Span.MIN_BYTES;
        pressureSeen = pressure;
    }
}
