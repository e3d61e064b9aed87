package io.hioload.server.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.http.HttpResponse;
import io.hioload.session.PathPattern;
import io.hioload.websocket.WebSocketHandler;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoutesTest {

    private static Endpoint endpoint(String path, int ranking, long serviceId, String... servers) {
        WebSocketHandler handler = (session, type, buffer, offset, length) -> {
        };
        return new Endpoint(PathPattern.parse(path), handler, null, List.of(), Set.of(servers), ranking, serviceId);
    }

    @Test
    void shouldLeadToTheHigherRankingWhenPathsAreEqual() {
        Endpoint low = endpoint("/a/{x}", 0, 1);
        Endpoint high = endpoint("/a/{y}", 5, 2);
        assertSame(high, Routes.of(List.of(low, high)).webSockets().find("/a/b").target());
    }

    @Test
    void shouldLeadToTheLowerServiceIdWhenRankingsAreEqual() {
        Endpoint older = endpoint("/a", 0, 1);
        Endpoint newer = endpoint("/a", 0, 2);
        assertSame(older, Routes.of(List.of(newer, older)).webSockets().find("/a").target());
    }

    @Test
    void shouldKeepWebSocketAndHttpApart() {
        Routes routes = Routes.of(List.of(endpoint("/a", 0, 1), Endpoint.http("/b", request -> HttpResponse.text(200, "b"), 2)));
        assertNull(routes.webSockets().find("/b"));
        assertNull(routes.https().find("/a"));
        assertEquals(List.of("ws /a", "http /b"), routes.paths());
    }

    @Test
    void shouldBeForNamedServersOnlyWhenServersAreNamed() {
        assertTrue(endpoint("/a", 0, 1).isFor("any"));
        assertTrue(endpoint("/a", 0, 1, "x", "y").isFor("y"));
        assertFalse(endpoint("/a", 0, 1, "x", "y").isFor("z"));
    }
}
