package io.hioload.protocol.internal;

import io.hioload.itest.fuzz.Utf8Reference;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The UTF-8 validator against the JDK's decoder: the whole text, every beginning of it, and every split. One thread. */
public final class Utf8Fuzz {

    /** Longer inputs are cut: every split of them is tried, and a block of the validator has 32 bytes. */
    private static final int MAX_BYTES = 160;
    private static final MemorySegment MEMORY = Arena.global().allocate(MAX_BYTES);

    private Utf8Fuzz() {
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        int length = Math.min(MAX_BYTES, data.length);
        MemorySegment.copy(data, 0, MEMORY, ValueLayout.JAVA_BYTE, 0, length);
        int whole = Utf8Validator.check(MEMORY.address(), length, Utf8Validator.ACCEPT);
        for (int split = 0; split <= length; split++) {
            int before = Utf8Validator.check(MEMORY.address(), split, Utf8Validator.ACCEPT);
            if (before != Utf8Validator.REJECT != Utf8Reference.isBeginning(data, split)) {
                throw new AssertionError("state " + before + " behind " + split + " bytes");
            }
            int after = Utf8Validator.check(MEMORY.address() + split, length - split, before);
            if (after != whole) {
                throw new AssertionError("state " + whole + ", but split at " + split + " it is " + after);
            }
        }
        if ((whole == Utf8Validator.ACCEPT) != Utf8Reference.isValid(Arrays.copyOf(data, length))) {
            throw new AssertionError("whole text: state " + whole);
        }
    }
}
