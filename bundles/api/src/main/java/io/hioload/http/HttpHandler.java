package io.hioload.http;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A plain HTTP resource beside the WebSocket endpoints. Registered as an OSGi service with the property
 * {@link #PATH_PROPERTY} (see {@link HttpEndpoint}), or given to the builder. Answers GET; HEAD gets the same without the
 * body.
 */
@ConsumerType
@FunctionalInterface
public interface HttpHandler {

    /** Service property: the path pattern, with the rules of a WebSocket handler's. */
    String PATH_PROPERTY = "hioload.http.path";

    /**
     * Answers a request. On a reactor thread: must not block. An exception becomes status 500.
     *
     * @param request GET or HEAD, without a body
     * @return the whole answer
     */
    HttpResponse handle(HttpRequest request);
}
