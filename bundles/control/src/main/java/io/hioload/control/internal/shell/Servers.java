package io.hioload.control.internal.shell;

import io.hioload.control.Control;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The servers that are there, by name. Any thread. */
final class Servers {

    /** Service property with the server's name. */
    static final String NAME = "hioload.server";

    private final Map<String, Control> byName = new ConcurrentSkipListMap<>();

    void add(Control control, Map<String, Object> properties) {
        byName.put(String.valueOf(properties.get(NAME)), control);
    }

    void remove(Control control, Map<String, Object> properties) {
        byName.remove(String.valueOf(properties.get(NAME)), control);
    }

    Map<String, Control> all() {
        return new TreeMap<>(byName);
    }

    /**
     * One of them.
     *
     * @throws IllegalArgumentException if there is none of that name; says which there are
     */
    Control named(String name) {
        Control control = byName.get(name);
        if (control == null) {
            throw new IllegalArgumentException("no server is named " + name + "; there are " + byName.keySet());
        }
        return control;
    }

    /**
     * The name of the only one.
     *
     * @throws IllegalArgumentException if there is none, or more than one
     */
    String only() {
        Map<String, Control> all = all();
        if (all.size() != 1) {
            throw new IllegalArgumentException(all.isEmpty() ? "no server is there" : "say which server: " + all.keySet());
        }
        return all.keySet().iterator().next();
    }
}
