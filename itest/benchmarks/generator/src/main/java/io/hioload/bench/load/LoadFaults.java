package io.hioload.bench.load;

/** What went wrong, counted. Written by one thread; others get a {@link #copy}. */
final class LoadFaults {

    long wrongLength;
    long wrongContent;
    long unasked;
    long closed;
    /** Why the first connection ended, or null. */
    String firstClose;

    LoadFaults copy() {
        LoadFaults copy = new LoadFaults();
        copy.add(this);
        return copy;
    }

    void add(LoadFaults other) {
        wrongLength += other.wrongLength;
        wrongContent += other.wrongContent;
        unasked += other.unasked;
        closed += other.closed;
        firstClose = firstClose == null ? other.firstClose : firstClose;
    }

    long total() {
        return wrongLength + wrongContent + unasked + closed;
    }
}
