package io.hioload.examples.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.http.HttpRequest;
import io.hioload.http.HttpResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatPageTest {

    @Test
    void shouldServeOnePageThatRefersToNothingOutsideItself() throws IOException {
        HttpResponse answer = new ChatPage().handle(new HttpRequest("GET", "/", "", List.of()));
        String page = new String(answer.body(), StandardCharsets.UTF_8);
        assertEquals(200, answer.status());
        assertTrue(answer.headers().contains("text/html; charset=utf-8"));
        assertFalse(page.replace("http://www.w3.org/2000/svg", "").contains("://"), "an address of somewhere else");
        assertFalse(page.contains("innerHTML"), "what people say must stay text");
    }
}
