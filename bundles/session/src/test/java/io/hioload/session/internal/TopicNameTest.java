package io.hioload.session.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNameTest {

    /** The examples of MQTT 3.1.1, section 4.7, and the corners of its rules. */
    @ParameterizedTest
    @CsvSource({
            "sport/tennis/player1/#, sport/tennis/player1, true",
            "sport/tennis/player1/#, sport/tennis/player1/ranking, true",
            "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, true",
            "sport/#, sport, true",
            "#, sport/tennis, true",
            "sport/tennis/+, sport/tennis/player1, true",
            "sport/tennis/+, sport/tennis/player1/ranking, false",
            "sport/+, sport, false",
            "sport/+, sport/, true",
            "+/+, /finance, true",
            "/+, /finance, true",
            "+, /finance, false",
            "+/tennis/#, sport/tennis, true",
            "sport/+/player1, sport/tennis/player1, true",
            "#, $SYS/load, false",
            "+/load, $SYS/load, false",
            "$SYS/#, $SYS/load, true",
            "$SYS/+, $SYS/load, true",
            "a/+, a/$b, true",
            "a/b, a/b, true",
            "a/b, a/B, false",
            "a/b, a/b/c, false",
            "a/b/c, a/b, false",
            "a//b, a//b, true",
            "a/+/b, a//b, true",
            "+/#, a, true",
    })
    void shouldMatchAsMqttDoes(String filter, String topic, boolean expected) {
        String[] filterLevels = TopicName.filter(filter);
        String[] topicLevels = TopicName.topic(topic);
        assertEquals(expected, TopicName.matches(filterLevels, topicLevels));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/+", "#", "a+b", "x\0y"})
    void shouldRefuseTopicsThatAreNone(String topic) {
        assertThrows(IllegalArgumentException.class, () -> TopicName.topic(topic));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/#/b", "a#", "a+/b", "#/a", "x\0y"})
    void shouldRefuseFiltersThatAreNone(String filter) {
        assertThrows(IllegalArgumentException.class, () -> TopicName.filter(filter));
    }

    @Test
    void shouldRefuseWhatIsTooLongOrDeepAndSaySoShortly() {
        String tooLong = "x".repeat(1025);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> TopicName.topic(tooLong)).getMessage().length() < 100);
        assertThrows(IllegalArgumentException.class, () -> TopicName.topic("a/".repeat(32)));
        assertEquals(32, TopicName.topic("a/".repeat(31)).length);
    }
}
