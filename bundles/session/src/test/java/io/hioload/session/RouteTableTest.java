package io.hioload.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouteTableTest {

    private static Route<String> route(String pattern, long rank) {
        return new Route<>(PathPattern.parse(pattern), rank, pattern + " " + rank);
    }

    @Test
    void shouldFindMostSpecificWhateverTheOrder() {
        List<Route<String>> routes = new ArrayList<>(
                List.of(route("/", 0), route("/chat", 0), route("/chat/{room}", 0), route("/chat/lobby", 0),
                        route("/chat/{room}/users", 0), route("/chat/*", 0), route("/{any}", 0), route("/*", 0), route("/a b", 0)));
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            Collections.shuffle(routes, random);
            RouteTable<String> table = RouteTable.of(routes);
            assertEquals("/ 0", table.find("/").target());
            assertEquals("/chat 0", table.find("/chat").target());
            assertEquals("/chat 0", table.find("/%63hat").target());
            assertEquals("/chat/lobby 0", table.find("/chat/lobby").target());
            assertEquals("/chat/{room} 0", table.find("/chat/x").target());
            assertEquals("x", table.find("/chat/x").path().parameter("room"));
            assertEquals("/chat/{room}/users 0", table.find("/chat/x/users").target());
            assertEquals("/chat/* 0", table.find("/chat/lobby/users/1").target());
            assertEquals("/chat/* 0", table.find("/chat/").target());
            assertEquals("/{any} 0", table.find("/other").target());
            assertEquals("/* 0", table.find("/other/x").target());
            assertEquals("/a b 0", table.find("/a%20b").target());
            assertNull(table.find("/a/../b"));
            assertNull(table.find("/%"));
            assertNull(table.find("/a b"), "a path is percent-encoded");
        }
    }

    @Test
    void shouldFallBackWhenMoreSpecificPrefixDoesNotMatch() {
        RouteTable<String> table = RouteTable.of(List.of(route("/a/b/c", 0), route("/a/{x}/d", 0), route("/{y}/b/e", 0)));
        assertEquals("/a/{x}/d 0", table.find("/a/b/d").target());
        assertEquals("/{y}/b/e 0", table.find("/a/b/e").target());
        assertNull(table.find("/a/b/f"));
    }

    @Test
    void shouldPreferHigherRankThenFirstAmongEqualPatterns() {
        RouteTable<String> table = RouteTable.of(List.of(route("/a/{x}", 1), route("/a/{y}", 5), route("/a/{z}", 5), route("/a/b", -100)));
        assertEquals("/a/{y} 5", table.find("/a/c").target());
        assertEquals("c", table.find("/a/c").path().parameter("y"));
        assertEquals("/a/b -100", table.find("/a/b").target());
        assertEquals(2, table.routes().size());
    }

    @Test
    void shouldAllocateNoMatchWhenPatternIsLiteral() {
        RouteTable<String> table = RouteTable.of(List.of(route("/echo", 0)));
        assertSame(table.find("/echo"), table.find("/echo"));
        assertNull(RouteTable.of(List.of()).find("/"));
    }
}
