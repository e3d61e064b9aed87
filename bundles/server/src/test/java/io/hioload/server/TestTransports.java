package io.hioload.server;

import io.hioload.transport.TransportProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The transports that the tests run on. */
public final class TestTransports {

    private TestTransports() {
    }

    public static boolean linux() {
        return System.getProperty("os.name").equals("Linux");
    }

    /** For {@code @MethodSource}, the best one last. What any Linux must have is there in any case; a kernel may forbid io_uring. */
    public static Stream<String> names() {
        List<String> names = new ArrayList<>(linux() ? List.of("nio", "epoll") : List.of("nio"));
        for (TransportProvider provider : ServiceLoader.load(TransportProvider.class)) {
            if (provider.name().equals("io_uring") && provider.availability().usable()) {
                names.add(provider.name());
            }
        }
        return names.stream();
    }

    /** What {@code auto} takes here. */
    public static String best() {
        return names().reduce((worse, better) -> better).orElseThrow();
    }
}
