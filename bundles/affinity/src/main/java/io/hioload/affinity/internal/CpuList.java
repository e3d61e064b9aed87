package io.hioload.affinity.internal;

import java.util.Arrays;
import java.util.BitSet;

/** CPU numbers as Linux writes them in /sys: ranges and single numbers, {@code 0-3,8,10-11} (cpuset(7), List format). */
final class CpuList {

    private CpuList() {
    }

    /**
     * Reads a list.
     *
     * @throws IllegalArgumentException if it is none
     */
    static BitSet parse(String text) {
        BitSet cpus = new BitSet();
        String list = text.strip();
        if (list.isEmpty()) {
            return cpus;
        }
        for (String range : list.split(",", -1)) {
            String[] ends = range.strip().split("-", 2);
            try {
                cpus.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                throw new IllegalArgumentException("not a CPU list: '" + list + "'", e);
            }
        }
        return cpus;
    }

    /** Writes a list. */
    static String format(int[] cpus) {
        return format(Arrays.stream(cpus).collect(BitSet::new, BitSet::set, BitSet::or));
    }

    /** Writes a list. */
    static String format(BitSet cpus) {
        StringBuilder text = new StringBuilder();
        for (int first = cpus.nextSetBit(0); first >= 0;) {
            int last = cpus.nextClearBit(first) - 1;
            text.append(text.isEmpty() ? "" : ",").append(first);
            if (last > first) {
                text.append('-').append(last);
            }
            first = cpus.nextSetBit(last + 1);
        }
        return text.toString();
    }
}
