package io.hioload.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

    @ParameterizedTest
    @CsvSource({"/, /", "/echo, /echo", "/echo, /ech%6f", "/a b, /a%20b", "/caf\u00E9, /caf%C3%A9", "/caf\u00E9, /caf%c3%a9", "/a/, /a/",
            "/{x}, /y", "/a/{x}/c, /a/b/c", "/*, /", "/*, /a/b/", "/a/*, /a/", "/a/*, /a/b/c", "/a/{x}/*, /a/b/", "/a.b, /a.b",
            "/{x}, /...",
            "/a:b@c, /a:b@c"})
    void shouldMatch(String pattern, String path) {
        assertNotNull(PathPattern.parse(pattern).match(path));
    }

    @ParameterizedTest
    @CsvSource({"/, /a", "/echo, /", "/echo, /Echo", "/echo, /echo/", "/echo, /echoo", "/echo, /ech", "/a/, /a", "/{x}, /", "/{x}, /a/b",
            "/{x}, /a/", "/a/{x}/c, /a//c", "/a/*, /a", "/a/*, /b/c", "/a/{x}/*, /a/b", "/a/b, /a%2Fb", "/{x}, /%", "/{x}, /%4",
            "/{x}, /%zz",
            "/{x}, /%C3", "/{x}, /%C3%28", "/{x}, /%ED%A0%80", "/{x}, /%C0%AF", "/{x}, /%00", "/{x}, /..", "/{x}, /.", "/{x}, /%2e%2E",
            "/*, /a/../b",
            "/*, /a/.%2e", "/{x}, a", "/{x}, /\u00E9", "/{x}, /a?b", "/{x}, ''", "/{x}, '/a b'", "/{x}, /%\uFF11\uFF11"})
    void shouldNotMatch(String pattern, String path) {
        assertNull(PathPattern.parse(pattern).match(path));
    }

    @Test
    void shouldDecodeParameters() {
        PathMatch match = PathPattern.parse("/{a}/x/{b.c}/*").match("/%E2%82%AC%2f/x/1+1/r/%20s/");
        assertEquals("\u20AC/", match.parameter("a"));
        assertEquals("1+1", match.parameter("b.c"));
        assertEquals("r/ s/", match.parameter(PathPattern.REST));
        assertNull(match.parameter("x"));
        assertEquals("/{a}/x/{b.c}/*", match.pattern().toString());
    }

    @Test
    void shouldGiveSameMatchWhenThereAreNoParameters() {
        PathPattern pattern = PathPattern.parse("/echo");
        assertSame(pattern.match("/echo"), pattern.match("/%65cho"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "echo", "//", "/a//b", "/{}", "/{a}/{a}", "/{a b}", "/{a", "/a}", "/x{a}", "/*/a", "/a*", "/**", "/a?b",
            "/a#b",
            "/a%20b", "/.", "/a/..", "/a\u0000", "/\uD800", "/{a}{b}"})
    void shouldSayWhatIsWrong(String pattern) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> PathPattern.parse(pattern));
        assertTrue(e.getMessage().startsWith("path pattern '" + pattern + "': "), e.getMessage());
    }

    @Test
    void shouldOrderBySpecificity() {
        String[] ordered = {"/a/b", "/a/{x}", "/a/*", "/{x}/b", "/{x}/{y}", "/{x}/*", "/*"};
        for (int i = 0; i < ordered.length; i++) {
            for (int j = 0; j < ordered.length; j++) {
                assertEquals(Integer.signum(i - j),
                        Integer.signum(PathPattern.parse(ordered[i]).compareTo(PathPattern.parse(ordered[j]))),
                        ordered[i] + " " + ordered[j]);
            }
        }
        assertEquals(PathPattern.parse("/a/{x}"), PathPattern.parse("/a/{y}"));
        assertEquals(PathPattern.parse("/a/{x}").hashCode(), PathPattern.parse("/a/{y}").hashCode());
        assertNotEquals(PathPattern.parse("/a/{x}"), PathPattern.parse("/a/*"));
    }
}
