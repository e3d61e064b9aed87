package io.hioload.concurrent;

/** Something that was started and can be called off. */
@FunctionalInterface
public interface Cancelable {

    /**
     * Calls it off. Any thread may call it.
     *
     * @return true if it had neither run nor been cancelled before and will not run now
     */
    boolean cancel();
}
