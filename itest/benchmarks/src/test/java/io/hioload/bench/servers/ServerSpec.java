package io.hioload.bench.servers;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to start a server. Immutable.
 *
 * @param name    in tables
 * @param path    of its echo endpoint
 * @param java    whether it is a JVM, which jcmd can ask
 * @param folder  to start it in, or {@code null}
 * @param command what to run
 * @param jvmFlags for a JVM, before those of the command
 */
public record ServerSpec(String name, String path, boolean java, Path folder, List<String> command, List<String> jvmFlags) {

    private static final List<String> JVM_FLAGS = List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "--add-opens",
            "java.base/jdk.internal.misc=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    public ServerSpec {
        command = List.copyOf(command);
        jvmFlags = List.copyOf(jvmFlags);
    }

    /** A class of this package, in a JVM of its own with this one's class path. */
    private static ServerSpec java(String name, Class<?> main, List<String> flags, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ServerSpec(name, "/", true, null, command, List.of());
    }

    /** This server on a transport, with one reactor. */
    public static ServerSpec hioload(String transport, String... flags) {
        return hioload("hioload " + transport, transport, 1, flags);
    }

    /** This server with more reactors. */
    public static ServerSpec hioload(String name, String transport, int reactors, String... flags) {
        return java(name, HioloadEcho.class, List.of(flags), transport, Integer.toString(reactors));
    }

    /** This server, sending to all what it receives from one. */
    public static ServerSpec broadcast(String transport, String... flags) {
        return java("hioload " + transport, HioloadBroadcast.class, List.of(flags), transport);
    }

    /** The same JVM with classes that win over those of the same names. */
    public ServerSpec withClasses(String newName, Path classes) {
        List<String> changed = new ArrayList<>(command);
        int path = changed.indexOf("-cp") + 1;
        changed.set(path, classes + File.pathSeparator + changed.get(path));
        return new ServerSpec(newName, this.path, java, folder, changed, jvmFlags);
    }

    public static ServerSpec netty(String transport, String... flags) {
        return java("Netty " + transport, NettyEcho.class, List.of(flags), transport);
    }

    public static ServerSpec undertow(String... flags) {
        return java("Undertow", UndertowEcho.class, List.of(flags));
    }

    public static ServerSpec jetty(String... flags) {
        return java("Jetty", JettyEcho.class, List.of(flags));
    }

    public static ServerSpec vertx(String... flags) {
        return java("Vert.x", VertxEcho.class, List.of(flags));
    }

    /** The load generator, which takes commands. */
    public static ServerSpec generator(String... flags) {
        return java("generator", Generator.class, List.of(flags));
    }

    /** Any other program. */
    public static ServerSpec program(String name, Path folder, String... command) {
        return new ServerSpec(name, "/", false, folder, List.of(command), List.of());
    }

    /** The same behind another command, such as one that pins it to a CPU. */
    public ServerSpec behind(List<String> prefix) {
        List<String> longer = new ArrayList<>(prefix);
        longer.addAll(command);
        return new ServerSpec(name, path, java, folder, longer, jvmFlags);
    }

    /**
     * The same with a heap that is resident from the start, and without the optimising compiler, which takes and keeps
     * megabytes when it likes: what is left to grow is what connections take.
     */
    public ServerSpec forMemory() {
        return new ServerSpec(name, path, java, folder, command, List.of("-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1"));
    }
}
