package io.hioload.control;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/** Shows the state of one component to a person. Any thread may look, at any time, also after the component closed. */
@ConsumerType
public interface DebugProbe {

    /**
     * What is shown, such as {@code pool} or {@code reactor-0}.
     *
     * @return a short name, unique within what publishes it
     */
    String probeName();

    /**
     * The state now.
     *
     * @return a new map from name to number, text, boolean, or list or map of these, in the order to be shown
     */
    Map<String, Object> probe();
}
