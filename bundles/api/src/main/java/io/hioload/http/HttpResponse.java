package io.hioload.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A whole HTTP answer. Content-Length, Date and Connection are added by the server.
 *
 * @param status  such as 200
 * @param headers name, value, name, value …
 * @param body    not copied; not to be changed afterwards
 */
public record HttpResponse(int status, List<String> headers, byte[] body) {

    /**
     * A successful answer.
     *
     * @param contentType such as {@code text/html; charset=utf-8}
     * @param body        the content; not copied
     * @return status 200
     */
    public static HttpResponse ok(String contentType, byte[] body) {
        return new HttpResponse(200, List.of("Content-Type", contentType), body);
    }

    /**
     * An answer in plain text.
     *
     * @param status such as 404
     * @param text   what to say
     * @return the answer
     */
    public static HttpResponse text(int status, String text) {
        return new HttpResponse(status, List.of("Content-Type", "text/plain; charset=utf-8"),
                (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
