package io.hioload.session.internal;

import io.hioload.websocket.Context;
import java.util.Arrays;
import java.util.Objects;

/** Attributes of one session: pairs in one array, since there are few. Reactor thread only. */
final class SessionContext implements Context {

    private Object[] pairs = {};

    @Override
    public <T> T get(Key<T> key) {
        int index = indexOf(key);
        return index < 0 ? null : value(index);
    }

    @Override
    public <T> T put(Key<T> key, T value) {
        Objects.requireNonNull(key);
        int index = indexOf(key);
        if (index < 0) {
            if (value != null) {
                int end = pairs.length;
                pairs = Arrays.copyOf(pairs, end + 2);
                pairs[end] = key;
                pairs[end + 1] = value;
            }
            return null;
        }
        T before = value(index);
        if (value != null) {
            pairs[index + 1] = value;
        } else {
            int last = pairs.length - 2;
            pairs[index] = pairs[last];
            pairs[index + 1] = pairs[last + 1];
            pairs = Arrays.copyOf(pairs, last);
        }
        return before;
    }

    private int indexOf(Key<?> key) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i] == key) {
                return i;
            }
        }
        return -1;
    }

    // put() is the only writer, and its signature ties the value's type to the key's.
    @SuppressWarnings("unchecked")
    private <T> T value(int index) {
        return (T) pairs[index + 1];
    }
}
