package io.hioload.control;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The operator's side of something that runs: its configuration and its state. {@link #apply} waits for reactors: any
 * thread but a reactor's, so from a handler it is to be handed to another thread. The rest is for any thread.
 */
@ProviderType
public interface Control {

    /**
     * What it runs on now.
     *
     * @return the snapshot in force
     */
    ConfigSnapshot config();

    /**
     * Validates a whole configuration and, if it is good, runs on it from now on; returns when it does. If it is not,
     * nothing changes.
     *
     * @param values every key that is not to have its default
     * @param source where they come from; stands in error messages
     * @return the snapshot now in force
     * @throws ConfigException      if a value is wrong or the new configuration could not be put to work
     * @throws InterruptedException if the calling thread was interrupted while it waited
     * @throws IllegalStateException if called on one of its own reactors' threads
     */
    ConfigSnapshot apply(Map<String, ?> values, String source) throws ConfigException, InterruptedException;

    /**
     * Its parts, for a person to look at.
     *
     * @return the probes as of now
     */
    List<DebugProbe> probes();
}
