package io.hioload.bench.load;

/**
 * When things are to happen, by {@link System#nanoTime}. Message {@code k} of an open loop is due on connection
 * {@code k % connections} at its own time, whatever became of those before it. Immutable.
 *
 * @param startNs        when load begins
 * @param windowStartNs  when measuring begins
 * @param windowEndNs    when it ends, and load with it
 * @param connections    of the whole run
 * @param nsPerMessage   between due times; 0 in a closed loop
 */
record LoadSchedule(long startNs, long windowStartNs, long windowEndNs, int connections, double nsPerMessage) {

    static LoadSchedule of(LoadOptions options, long startNs) {
        long windowStartNs = startNs + (long) (options.warmupSeconds() * 1e9);
        return new LoadSchedule(startNs, windowStartNs, windowStartNs + (long) (options.seconds() * 1e9), options.connections(),
                options.isOpenLoop() ? 1e9 / options.ratePerSecond() : 0);
    }

    boolean isOpenLoop() {
        return nsPerMessage > 0;
    }

    /** When message {@code number}, from 0, of a connection is due. */
    long dueNs(long number, int connection) {
        return startNs + (long) (((double) number * connections + connection) * nsPerMessage);
    }

    /** How many messages of a connection are due before a time, and before the end. */
    long dueBefore(long timeNs, int connection) {
        long untilNs = timeNs - windowEndNs < 0 ? timeNs : windowEndNs;
        long number = Math.max(0, (long) (((untilNs - startNs) / nsPerMessage - connection) / connections));
        while (dueNs(number, connection) - untilNs < 0) {
            number++;
        }
        while (number > 0 && dueNs(number - 1, connection) - untilNs >= 0) {
            number--;
        }
        return number;
    }

    boolean isMeasured(long timeNs) {
        return timeNs - windowStartNs >= 0 && timeNs - windowEndNs < 0;
    }

    boolean isOver(long timeNs) {
        return timeNs - windowEndNs >= 0;
    }
}
