package io.hioload.server;

import java.util.List;
import java.util.stream.Stream;

/** The transports that must work where the tests run. */
public final class TestTransports {

    private TestTransports() {
    }

    public static boolean linux() {
        return System.getProperty("os.name").equals("Linux");
    }

    /** For {@code @MethodSource}. */
    public static Stream<String> names() {
        return (linux() ? List.of("nio", "epoll") : List.of("nio")).stream();
    }
}
