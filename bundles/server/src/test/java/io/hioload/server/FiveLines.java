package io.hioload.server;

/** The program of the README, for {@link PlainJavaTest} to run in a JVM of its own. */
final class FiveLines {

    private FiveLines() {
    }

    public static void main(String[] args) {
        try (HioloadServer server = Hioload.server().port(0).handle("/echo", (s, t, b, o, l) -> s.send(t, b, o, l)).start()) {
            System.out.println("transport " + server.transport());
        }
    }
}
