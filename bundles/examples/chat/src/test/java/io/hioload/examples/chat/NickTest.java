package io.hioload.examples.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class NickTest {

    @Test
    void shouldBeOneWordWhateverIsGiven() {
        assertEquals("ann", Nick.of("  ann\n"));
        assertEquals("a_b_c_d", Nick.of("a b\u00a0c\u202ed"));
        assertEquals("guest", Nick.of(" \t "));
        assertEquals("\ud83d\ude00", Nick.of("\ud83d\ude00"));
        assertEquals("_", Nick.of("\ud83d"));
    }

    @Test
    void shouldBeCutAtACharacterWhenTooLong() {
        assertEquals("\ud83d\ude00".repeat(Nick.MAX_LENGTH), Nick.of("\ud83d\ude00".repeat(30)));
    }

    @Test
    void shouldComeFromTheQueryDecoded() {
        assertEquals("J\u00fcrgen_M", Nick.ofQuery("a=b&nick=J%C3%BCrgen+M"));
        assertEquals("guest", Nick.ofQuery("nick="));
        assertNull(Nick.ofQuery(""));
        assertNull(Nick.ofQuery("nickname=x"));
        assertNull(Nick.ofQuery("nick=%zz"));
    }
}
