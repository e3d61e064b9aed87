package io.hioload.server.internal.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.ConfigMetatype;
import io.hioload.server.internal.Endpoint;
import io.hioload.server.internal.ServerSchema;
import io.hioload.session.BlockingHandler;
import io.hioload.websocket.WebSocketHandler;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.ObjectClassDefinition;

class ServiceEndpointsTest {

    private static final WebSocketHandler HANDLER = (session, type, buffer, offset, length) -> {
    };

    @Test
    void shouldReadEveryPropertyWhenAllAreThere() {
        Endpoint endpoint = ServiceEndpoints.webSocket(HANDLER, Map.of("hioload.websocket.path", "/chat/{room}",
                "hioload.websocket.subprotocols", new String[]{"a", "b"}, "hioload.server", List.of("x"), "service.ranking", 3,
                "service.id", 9L));
        assertEquals("/chat/{room}", endpoint.pattern().toString());
        assertEquals(List.of("a", "b"), endpoint.subprotocols());
        assertEquals(Set.of("x"), endpoint.servers());
        assertEquals(3, endpoint.ranking());
        assertEquals(9, endpoint.serviceId());
    }

    @Test
    void shouldSayWhatIsWrongWhenAPropertyIsBad() {
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> ServiceEndpoints.webSocket(HANDLER, Map.of("hioload.websocket.path", "chat", "service.id", 1L))).getMessage()
                .contains("'chat'"));
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> ServiceEndpoints.webSocket(HANDLER, Map.of("hioload.websocket.path", 7, "service.id", 1L))).getMessage()
                .contains("hioload.websocket.path = 7"));
    }

    @Test
    void shouldCallOnVirtualThreadsWhenHandlerSaysThatItBlocks() {
        for (Object blocking : List.of(true, "true")) {
            Endpoint endpoint = ServiceEndpoints.webSocket(HANDLER,
                    Map.of("hioload.websocket.path", "/a", "hioload.websocket.blocking", blocking, "service.id", 1L));
            assertInstanceOf(BlockingHandler.class, endpoint.webSocket());
        }
        assertSame(HANDLER, ServiceEndpoints.webSocket(HANDLER,
                Map.of("hioload.websocket.path", "/a", "hioload.websocket.blocking", false, "service.id", 1L)).webSocket());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ServiceEndpoints.webSocket(HANDLER,
                Map.of("hioload.websocket.path", "/a", "hioload.websocket.blocking", 7, "service.id", 1L))).getMessage()
                .contains("hioload.websocket.blocking = 7"));
    }

    @Test
    void shouldNameAServerAfterItsConfiguration() {
        assertEquals("default", ServerSet.nameOf("io.hioload.server~default"));
        assertEquals("io.other", ServerSet.nameOf("io.other"));
    }

    @Test
    void shouldDescribeEveryKeyAsMetatype() {
        ConfigMetatype metatype = new ConfigMetatype(ServerSchema.schema());
        AttributeDefinition[] attributes = metatype.getAttributeDefinitions(ObjectClassDefinition.ALL);
        assertEquals(ServerSchema.schema().keys().size(), attributes.length);
        for (AttributeDefinition attribute : attributes) {
            assertEquals("", attribute.validate(attribute.getDefaultValue()[0]), attribute.getID());
        }
        AttributeDefinition port = attributes[1];
        assertEquals("port = x: allowed is a whole number from 0 to 65535", port.validate("x"));
    }
}
