package io.hioload.websocket;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/** Puts the whiteboard properties of a {@link WebSocketHandler} on a Declarative Services component. */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface WebSocketEndpoint {

    /** What the property names begin with. */
    String PREFIX_ = "hioload.websocket.";

    /**
     * The path pattern, see {@link WebSocketHandler#PATH_PROPERTY}.
     *
     * @return such as {@code /chat/{room}}
     */
    String path();

    /**
     * The subprotocols, see {@link WebSocketHandler#SUBPROTOCOLS_PROPERTY}.
     *
     * @return the preferred one first; none means that no subprotocol is agreed on
     */
    String[] subprotocols() default {};

    /**
     * Whether the handler blocks, see {@link WebSocketHandler#BLOCKING_PROPERTY}.
     *
     * @return true for calls on virtual threads
     */
    boolean blocking() default false;
}
