package io.hioload.server.internal;

import io.hioload.control.ConfigChange;
import io.hioload.control.ConfigSnapshot;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The last changes of a configuration, and the snapshots that those which were accepted made. Any thread. Bounded, so that
 * somebody who pushes configurations all day costs no memory; refused changes cannot push accepted snapshots out.
 */
final class ConfigHistory {

    /** How many changes, and how many snapshots, are kept. */
    static final int ENTRIES = 64;

    /** Guarded by this. */
    private final ArrayDeque<ConfigChange> changes = new ArrayDeque<>();
    /** Guarded by this. */
    private final ArrayDeque<ConfigSnapshot> snapshots = new ArrayDeque<>();
    /** Guarded by this. */
    private long accepted;
    /** Guarded by this. */
    private long refused;

    synchronized void accepted(ConfigSnapshot snapshot, Set<String> changed) {
        add(changes, new ConfigChange(snapshot.number(), Instant.now(), snapshot.source(), changed, List.of()));
        add(snapshots, snapshot);
        accepted++;
    }

    /** Of one that changed nothing. */
    synchronized void refused(String source, Set<String> keys, List<String> problems) {
        long number = snapshots.isEmpty() ? 0 : snapshots.getLast().number();
        add(changes, new ConfigChange(number, Instant.now(), source, keys, problems));
        refused++;
    }

    private static <T> void add(ArrayDeque<T> kept, T newest) {
        if (kept.size() == ENTRIES) {
            kept.removeFirst();
        }
        kept.addLast(newest);
    }

    /** How many there were. */
    synchronized Map<String, Object> probe() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("accepted", accepted);
        state.put("refused", refused);
        return state;
    }

    /** The oldest first. */
    synchronized List<ConfigChange> changes() {
        return List.copyOf(changes);
    }

    /** The snapshot of a number, or {@code null} if it is not kept. */
    synchronized ConfigSnapshot snapshot(long number) {
        return snapshots.stream().filter(snapshot -> snapshot.number() == number).findFirst().orElse(null);
    }

    /** The numbers that can be gone back to. */
    synchronized List<Long> numbers() {
        return snapshots.stream().map(ConfigSnapshot::number).toList();
    }
}
