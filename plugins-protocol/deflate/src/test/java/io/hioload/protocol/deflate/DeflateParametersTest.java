package io.hioload.protocol.deflate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSchema;
import io.hioload.protocol.ExtensionOffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateParametersTest {

    private static final DeflateSettings PLAIN = DeflateSettings.of(Map.of());
    private static final DeflateSettings TAKEOVER = DeflateSettings.of(
            Map.of("extension.deflate.takeover.own", "true", "extension.deflate.takeover.peer", "true"));

    private static ExtensionOffer offer(String parameters) {
        return ExtensionOffer.parse(List.of("permessage-deflate" + parameters)).getFirst();
    }

    private static String answer(String parameters, DeflateSettings settings) {
        DeflateParameters agreed = DeflateParameters.accept(offer(parameters), settings, true);
        return agreed == null ? null : agreed.answer();
    }

    @Test
    void shouldDeclineTakeoverBothWaysByDefault() {
        assertEquals("permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                answer("; client_max_window_bits", PLAIN));
    }

    @Test
    void shouldAllowTakeoverBothWaysWhenConfigured() {
        assertEquals("permessage-deflate", answer("", TAKEOVER));
    }

    @Test
    void shouldKeepAnOfferedNoContextTakeover() {
        assertEquals("permessage-deflate; server_no_context_takeover", answer("; server_no_context_takeover", TAKEOVER));
        assertEquals("permessage-deflate; client_no_context_takeover", answer("; client_no_context_takeover", TAKEOVER));
    }

    @Test
    void shouldAnswerTheSmallerServerWindow() {
        assertEquals("permessage-deflate; server_max_window_bits=10", answer("; server_max_window_bits=10", TAKEOVER));
        DeflateSettings small = DeflateSettings
                .of(Map.of("extension.deflate.takeover.own", "true", "extension.deflate.takeover.peer", "true",
                        "extension.deflate.window.own", "9"));
        assertEquals("permessage-deflate; server_max_window_bits=9", answer("; server_max_window_bits=\"12\"", small));
        assertEquals("permessage-deflate; server_max_window_bits=9", answer("", small));
    }

    @Test
    void shouldAskForASmallerClientWindowOnlyWhenTheClientSaysThatItCan() {
        DeflateSettings small = DeflateSettings
                .of(Map.of("extension.deflate.takeover.own", "true", "extension.deflate.takeover.peer", "true",
                        "extension.deflate.window.peer", "10"));
        assertEquals("permessage-deflate; client_max_window_bits=10", answer("; client_max_window_bits", small));
        assertEquals("permessage-deflate; client_max_window_bits=9", answer("; client_max_window_bits=9", small));
        assertEquals("permessage-deflate; client_no_context_takeover", answer("", small),
                "else its window would take more than is allowed");
    }

    @Test
    void shouldDeclineTakeoverWithoutMemory() {
        DeflateParameters agreed = DeflateParameters.accept(offer(""), TAKEOVER, false);
        assertEquals("permessage-deflate; server_no_context_takeover; client_no_context_takeover", agreed.answer());
    }

    @ParameterizedTest
    @ValueSource(strings = {"; server_max_window_bits", "; server_max_window_bits=7", "; server_max_window_bits=16",
            "; server_max_window_bits=08", "; server_max_window_bits=x", "; client_max_window_bits=7", "; client_max_window_bits=16",
            "; client_max_window_bits=+9", "; server_no_context_takeover=1", "; client_no_context_takeover=true", "; unknown",
            "; unknown=1",
            "; server_no_context_takeover; server_no_context_takeover", "; client_max_window_bits; client_max_window_bits=10",
            "; Server_No_Context_Takeover"})
    void shouldDeclineWhenAParameterIsNotAsTheRfcHasIt(String parameters) {
        assertNull(answer(parameters, TAKEOVER));
    }

    @Test
    void shouldOfferWhatTheSettingsSay() {
        assertEquals("permessage-deflate; client_max_window_bits", DeflateParameters.offer(TAKEOVER));
        assertEquals("permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits",
                DeflateParameters.offer(PLAIN));
    }

    @Test
    void shouldTakeWhatAServerAnswers() {
        DeflateParameters agreed = DeflateParameters.accepted(
                offer("; server_max_window_bits=9; client_max_window_bits=11; client_no_context_takeover"),
                TAKEOVER);
        assertNotNull(agreed);
        assertEquals(11, agreed.ownBits());
        assertEquals(9, agreed.peerBits());
        assertFalse(agreed.ownTakeover());
        assertTrue(agreed.peerTakeover());
    }

    @ParameterizedTest
    @ValueSource(strings = {"; client_max_window_bits", "; server_max_window_bits=16", "; what",
            "; server_max_window_bits=9; server_max_window_bits=9"})
    void shouldFailWhenAServerAnswersWhatItMustNot(String parameters) {
        assertNull(DeflateParameters.accepted(offer(parameters), TAKEOVER));
    }

    @Test
    void shouldFailWhenAServerIgnoresThatTakeoverWasForbidden() {
        assertNull(DeflateParameters.accepted(offer(""), PLAIN));
        assertNotNull(DeflateParameters.accepted(offer("; server_no_context_takeover"), PLAIN));
    }

    @Test
    void shouldFailWhenAServerTakesALargerWindowThanOffered() {
        DeflateSettings small = DeflateSettings.of(Map.of("extension.deflate.takeover.peer", "true", "extension.deflate.window.peer", "10",
                "extension.deflate.window.own", "12"));
        assertNull(DeflateParameters.accepted(offer(""), small));
        assertNotNull(DeflateParameters.accepted(offer("; server_max_window_bits=10"), small));
        // The second element of the offer leaves it to the server, and this side may always do with less.
        String any = "permessage-deflate; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits";
        assertEquals(any + "=12, " + any, DeflateParameters.offer(small));
        assertEquals(12, DeflateParameters.accepted(offer("; server_max_window_bits=10; client_max_window_bits=13"), small).ownBits());
    }

    /** To renew the table, paste what this test expects between the markers. */
    @Test
    void shouldDeclareKeysAsTheyStandInReadme() throws Exception {
        String begin = "<!-- options: begin -->\n";
        String readme = Files.readString(Path.of("README.md"));
        String table = readme.substring(readme.indexOf(begin) + begin.length(), readme.indexOf("<!-- options: end -->"));
        List<ConfigKey> keys = new DeflateProvider().keys();
        assertEquals(new ConfigSchema("", "", keys, snapshot -> List.of()).markdown(), table);
        keys.forEach(key -> assertTrue(key.name().startsWith("extension.deflate."), key.name()));
    }
}
