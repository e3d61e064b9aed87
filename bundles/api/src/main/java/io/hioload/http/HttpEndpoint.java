package io.hioload.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/** Puts the whiteboard properties of an {@link HttpHandler} on a Declarative Services component. */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface HttpEndpoint {

    /** What the property names begin with. */
    String PREFIX_ = "hioload.http.";

    /**
     * The path pattern, see {@link HttpHandler#PATH_PROPERTY}.
     *
     * @return such as {@code /status}
     */
    String path();
}
