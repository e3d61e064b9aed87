package io.hioload.testkit.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** The connections of one harness, and the ids it allots: slots are used again, with another generation. Guarded by the harness. */
final class LinkTable {

    private final Map<Long, Link> live = new HashMap<>();
    private final List<Link> all = new ArrayList<>();
    private final ArrayDeque<Integer> freeSlots = new ArrayDeque<>();
    private final Map<Integer, Integer> generations = new HashMap<>();
    private int slots;

    Link add(LongFunction<Link> maker) {
        int slot = freeSlots.isEmpty() ? slots++ : freeSlots.pop();
        long generation = generations.merge(slot, 1, Integer::sum);
        Link link = maker.apply(generation << 32 | slot);
        live.put(link.id, link);
        all.add(link);
        return link;
    }

    void over(Link link) {
        live.remove(link.id);
        freeSlots.push((int) link.id);
    }

    /** {@code null} if it is not open. */
    Link find(long id) {
        return live.get(id);
    }

    Collection<Link> live() {
        return live.values();
    }

    /** In the order in which they were opened, those that are over included. */
    List<Link> all() {
        return all;
    }
}
