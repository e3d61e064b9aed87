package io.hioload.websocket;

import org.osgi.annotation.versioning.ProviderType;

/** Attributes that a handler hangs on a session. Reactor thread only. */
@ProviderType
public interface Context {

    /**
     * Names an attribute. Keys are equal only to themselves; keep them in constants.
     *
     * @param <T> type of the values
     */
    final class Key<T> {

        private final String name;

        /**
         * Makes a key.
         *
         * @param name for a person
         */
        public Key(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Reads an attribute.
     *
     * @param <T> type of the value
     * @param key which one
     * @return the value or {@code null}
     */
    <T> T get(Key<T> key);

    /**
     * Writes an attribute.
     *
     * @param <T>   type of the value
     * @param key   which one
     * @param value new value; {@code null} removes it
     * @return the value before, or {@code null}
     */
    <T> T put(Key<T> key, T value);
}
