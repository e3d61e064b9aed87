package io.hioload.bench.jmh;

import io.hioload.reactor.RuntimeProviders;

/** The implementations on the class path. */
final class Parts {

    private Parts() {
    }

    static RuntimeProviders load() {
        return RuntimeProviders.load(Parts.class.getClassLoader());
    }
}
