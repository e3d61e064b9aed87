package io.hioload.control;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The operator's side of something that runs: its configuration and its state. {@link #apply}, {@link #change} and
 * {@link #rollback} wait for reactors: any thread but a reactor's, so from a handler they are to be handed to another
 * thread. The rest is for any thread.
 *
 * <p>A change makes one whole new snapshot out of what is asked for, checks it, and puts it to work everywhere or not at
 * all. Changes come one after the other, in the order in which they were asked for; each replaces what was there, whoever
 * had asked for that. None of them is written down: what is to outlast the process stands in a configuration file.
 */
@ProviderType
public interface Control {

    /**
     * What can be configured, the keys of the plugins that are there at the moment included.
     *
     * @return the schema that the next change is checked by
     */
    ConfigSchema schema();

    /**
     * What it runs on now. Asked on one of its own reactors' threads, which is where handlers are called: what this reactor
     * runs on, which stays the same for a whole batch of events. Asked elsewhere: the newest that was accepted.
     *
     * @return the snapshot in force; {@code null} if nothing was ever accepted
     */
    ConfigSnapshot config();

    /**
     * Validates a whole configuration and, if it is good, runs on it from now on; returns when it does. If it is not,
     * nothing changes.
     *
     * @param values every key that is not to have its default
     * @param source where they come from; stands in error messages and in the history
     * @return the snapshot now in force
     * @throws ConfigException      if a value is wrong or the new configuration could not be put to work
     * @throws InterruptedException if the calling thread was interrupted while it waited
     * @throws IllegalStateException if called on one of its own reactors' threads
     */
    ConfigSnapshot apply(Map<String, ?> values, String source) throws ConfigException, InterruptedException;

    /**
     * The same for some keys; the others keep the values that they have when the change is made.
     *
     * @param values the keys to change, with their new values; a value of {@code null} is the default
     * @param source as above
     * @return the snapshot now in force
     * @throws ConfigException      as above
     * @throws InterruptedException as above
     * @throws IllegalStateException as above
     */
    ConfigSnapshot change(Map<String, ?> values, String source) throws ConfigException, InterruptedException;

    /**
     * Goes back to the values of an earlier snapshot, which get a new number.
     *
     * @param number of a snapshot that the history still has
     * @param source who asks; the new snapshot's source says also where the values are from
     * @return the snapshot now in force
     * @throws ConfigException      if there is no such snapshot any more, or as above
     * @throws InterruptedException as above
     * @throws IllegalStateException as above
     */
    ConfigSnapshot rollback(long number, String source) throws ConfigException, InterruptedException;

    /**
     * The last changes that were asked for, accepted or refused.
     *
     * @return a bounded list, the oldest first
     */
    List<ConfigChange> history();

    /**
     * What the reactors run on.
     *
     * @return the number of the snapshot that each one took last, in the order of their index; empty if none runs
     */
    List<Long> acknowledged();

    /**
     * Tells when every reactor runs on a snapshot.
     *
     * @param number of a snapshot, which may be one that is yet to come
     * @return completes when all have taken it or a later one, exceptionally with an {@link IllegalStateException} when it is
     *         stopped before; what depends on it does not run on a reactor's thread
     */
    CompletionStage<Void> whenAcknowledged(long number);

    /**
     * Its parts, for a person to look at.
     *
     * @return the probes as of now
     */
    List<DebugProbe> probes();
}
