package io.hioload.pool.internal;

import io.hioload.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The spans of one bin by their numbers, which the buffers carry as their index. Guarded as the bin is: by its lock or by
 * belonging to one thread.
 */
final class SpanTable {

    private final NodeSlabs slabs;
    private final List<Span> spans = new ArrayList<>();
    private final ArrayDeque<Integer> vacantNumbers = new ArrayDeque<>();

    SpanTable(NodeSlabs slabs) {
        this.slabs = slabs;
    }

    /** Cuts a run into slots; null if the slabs are closed. */
    Span cut(Run run, int slotBytes, Buffer.Home home) {
        Integer vacant = vacantNumbers.peek();
        int number = vacant == null ? spans.size() : vacant;
        Span span = slabs.cut(run, slotBytes, home, number);
        if (span == null) {
            return null;
        }
        if (vacant == null) {
            spans.add(span);
        } else {
            spans.set(number, span);
            vacantNumbers.remove();
        }
        return span;
    }

    /**
     * Takes out of a stack the slots of which whole spans lie on it. {@link #giveWhollyFree} must follow.
     *
     * @param stack the free slots, the one to be used next at the end
     * @param count how many there are
     * @param keep  leave wholly free spans of so many slots on the stack, those that are used next
     * @param most  take out no more slots than this
     * @return how many slots stay on the stack
     */
    int removeWhollyFree(Buffer[] stack, int count, int keep, int most) {
        for (Span span : spans) {
            if (span != null) {
                span.resetFree();
            }
        }
        for (int i = 0; i < count; i++) {
            spanOf(stack[i]).countFree();
        }
        int whole = 0;
        for (Span span : spans) {
            whole += span != null && span.isWhollyFree() ? span.slots() : 0;
        }
        keepLast(stack, count, Math.max(keep, whole - most));
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (!spanOf(stack[i]).isWhollyFree()) {
                stack[kept++] = stack[i];
            }
        }
        Arrays.fill(stack, kept, count, null);
        return kept;
    }

    private void keepLast(Buffer[] stack, int count, int keep) {
        int kept = 0;
        for (int i = count - 1; i >= 0 && kept < keep; i--) {
            Span span = spanOf(stack[i]);
            if (span.isWhollyFree()) {
                span.resetFree();
                kept += span.slots();
            }
        }
    }

    private Span spanOf(Buffer slot) {
        return spans.get(slot.index());
    }

    /** Gives the spans whose slots were taken out back to the node; returns how many bytes that is. */
    long giveWhollyFree() {
        long bytes = 0;
        for (int number = 0; number < spans.size(); number++) {
            Span span = spans.get(number);
            if (span != null && span.isWhollyFree()) {
                spans.set(number, null);
                vacantNumbers.add(number);
                slabs.give(span);
                bytes += span.run().bytes();
            }
        }
        return bytes;
    }
}
