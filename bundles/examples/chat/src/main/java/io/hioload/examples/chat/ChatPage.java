package io.hioload.examples.chat;

import io.hioload.http.HttpEndpoint;
import io.hioload.http.HttpHandler;
import io.hioload.http.HttpRequest;
import io.hioload.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/**
 * The page at {@code /} that a browser chats through: one file, which refers to nothing outside itself.
 *
 * <p>Threads: any. The page is read once, when the component is made.
 */
@Component(service = HttpHandler.class)
@HttpEndpoint(path = "/")
public final class ChatPage implements HttpHandler {

    /** Nothing may be loaded from anywhere; connections go back to this server only. */
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
            + "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final HttpResponse page;

    /**
     * Made by Declarative Services.
     *
     * @throws IOException if the bundle is damaged
     */
    public ChatPage() throws IOException {
        try (InputStream in = ChatPage.class.getResourceAsStream("chat.html")) {
            page = new HttpResponse(200, List.of("Content-Type", "text/html; charset=utf-8", "Cache-Control", "no-cache",
                    "Content-Security-Policy", POLICY, "X-Content-Type-Options", "nosniff"), in.readAllBytes());
        }
    }

    @Override
    public HttpResponse handle(HttpRequest request) {
        return page;
    }
}
