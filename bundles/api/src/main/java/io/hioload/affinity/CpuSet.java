package io.hioload.affinity;

import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * A set of CPUs by the operating system's numbers. Immutable; any thread. On Windows the number of a CPU is 64 times its
 * processor group plus its number in the group; elsewhere it is what the system says.
 */
public final class CpuSet {

    /** The set of no CPU. */
    public static final CpuSet EMPTY = new CpuSet(new BitSet());

    /** No system has as many; bounds what a list from outside can make us allocate. */
    private static final int MAX_CPUS = 1 << 20;

    private final BitSet bits;

    private CpuSet(BitSet bits) {
        this.bits = bits;
    }

    /**
     * A set of some CPUs.
     *
     * @param cpus their numbers, from 0, in any order
     * @return the set
     */
    public static CpuSet of(int... cpus) {
        BitSet bits = new BitSet();
        for (int cpu : cpus) {
            bits.set(cpu);
        }
        return new CpuSet(bits);
    }

    /**
     * A set out of a bit mask.
     *
     * @param words bit b of word w is CPU {@code 64 * w + b}
     * @return the set
     */
    public static CpuSet ofMask(long... words) {
        return new CpuSet(BitSet.valueOf(words));
    }

    /**
     * Reads a list as Linux writes it, such as {@code 0-3,8,10-11} (cpuset(7), List format).
     *
     * @param list ranges and numbers; blank is the empty set
     * @return the set
     * @throws IllegalArgumentException if it is no such list
     */
    public static CpuSet parse(String list) {
        BitSet bits = new BitSet();
        String text = list.strip();
        if (text.isEmpty()) {
            return EMPTY;
        }
        for (String range : text.split(",", -1)) {
            String[] ends = range.strip().split("-", 2);
            try {
                int last = Integer.parseInt(ends[ends.length - 1]);
                if (last >= MAX_CPUS) {
                    throw new NumberFormatException("CPU " + last);
                }
                bits.set(Integer.parseInt(ends[0]), last + 1);
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                throw new IllegalArgumentException("not a CPU list: '" + text + "'", e);
            }
        }
        return new CpuSet(bits);
    }

    /**
     * Whether a CPU is in the set.
     *
     * @param cpu a number, also one that is no CPU's
     * @return true if it is
     */
    public boolean contains(int cpu) {
        return cpu >= 0 && bits.get(cpu);
    }

    /**
     * How many CPUs there are in it.
     *
     * @return from 0
     */
    public int size() {
        return bits.cardinality();
    }

    /**
     * Whether there is none in it.
     *
     * @return true if so
     */
    public boolean isEmpty() {
        return bits.isEmpty();
    }

    /**
     * The lowest of them.
     *
     * @return a number, -1 if the set is empty
     */
    public int first() {
        return bits.nextSetBit(0);
    }

    /**
     * The CPUs that are in both sets.
     *
     * @param other the other
     * @return a new set
     */
    public CpuSet and(CpuSet other) {
        BitSet both = (BitSet) bits.clone();
        both.and(other.bits);
        return new CpuSet(both);
    }

    /**
     * The CPUs that are in either set.
     *
     * @param other the other
     * @return a new set
     */
    public CpuSet or(CpuSet other) {
        BitSet either = (BitSet) bits.clone();
        either.or(other.bits);
        return new CpuSet(either);
    }

    /**
     * The numbers, ascending.
     *
     * @return a stream
     */
    public IntStream stream() {
        return bits.stream();
    }

    /**
     * The numbers, ascending.
     *
     * @return a new array
     */
    public int[] toArray() {
        return bits.stream().toArray();
    }

    /**
     * The set as a bit mask.
     *
     * @return a new array, see {@link #ofMask}; without words of zeros at the end
     */
    public long[] toMask() {
        return bits.toLongArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CpuSet set && bits.equals(set.bits);
    }

    @Override
    public int hashCode() {
        return bits.hashCode();
    }

    /**
     * The list, as {@link #parse} reads it.
     *
     * @return such as {@code 0-3,8}
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int first = bits.nextSetBit(0); first >= 0;) {
            int last = bits.nextClearBit(first) - 1;
            text.append(text.isEmpty() ? "" : ",").append(first);
            if (last > first) {
                text.append('-').append(last);
            }
            first = bits.nextSetBit(last + 1);
        }
        return text.toString();
    }
}
