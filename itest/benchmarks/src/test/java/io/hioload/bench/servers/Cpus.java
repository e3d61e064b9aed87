package io.hioload.bench.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The CPUs that this process may use, and how busy they are. Linux; any thread. */
public final class Cpus {

    private static final Pattern ALLOWED = Pattern.compile("Cpus_allowed_list:\\s+(\\S+)");
    private static final long NS_PER_TICK = 10_000_000;
    /** Columns of a line of /proc/stat that are not work (proc_stat(5)): idle and iowait; guest time is in user time. */
    private static final List<Integer> NOT_WORK = List.of(4, 5, 9, 10);

    /** Long enough that a turn is mostly work on what the other one made ready. */
    private static final int TURN_MS = 50;

    private final List<Integer> usable;
    /** Null unless server and generator take turns on one CPU. */
    private final Path turns;

    private Cpus(List<Integer> usable, Path turns) {
        this.usable = usable;
        this.turns = turns;
    }

    public static Cpus usable() throws IOException {
        Matcher list = ALLOWED.matcher(Files.readString(Path.of("/proc/self/status")));
        List<Integer> cpus = new ArrayList<>();
        if (list.find()) {
            for (String range : list.group(1).split(",")) {
                String[] ends = range.split("-");
                for (int cpu = Integer.parseInt(ends[0]); cpu <= Integer.parseInt(ends[ends.length - 1]); cpu++) {
                    cpus.add(cpu);
                }
            }
        }
        return new Cpus(cpus, null);
    }

    /** The same, but server and generator take turns on one CPU, which is steadier on a noisy machine; by what {@link OtherServers#turns} made. */
    public Cpus takingTurns(Path program) {
        return new Cpus(List.of(servers()), program);
    }

    public boolean areTurnsTaken() {
        return turns != null;
    }

    public int count() {
        return usable.size();
    }

    /** Whether there is one for a server and another one for a generator. */
    public boolean areTwo() {
        return usable.size() > 1 && Files.isExecutable(Path.of("/usr/bin/taskset"));
    }

    public int generators() {
        return usable.getFirst();
    }

    public int servers() {
        return usable.getLast();
    }

    /** A server on its CPU, if there are two or turns are taken. */
    public ServerSpec server(ServerSpec spec) {
        return spec.behind(on(servers()));
    }

    /** A generator on its CPU, if there are two or turns are taken. */
    public ServerSpec generator(ServerSpec spec) {
        return spec.behind(on(generators()));
    }

    private List<String> on(int cpu) {
        if (turns != null) {
            return List.of(turns.toString(), Integer.toString(cpu), Integer.toString(TURN_MS));
        }
        return areTwo() ? List.of("/usr/bin/taskset", "-c", Integer.toString(cpu)) : List.of();
    }

    /** A program on the first CPUs, so many of them. */
    public ServerSpec onFirst(int count, ServerSpec spec) {
        List<String> names = usable.subList(0, count).stream().map(String::valueOf).toList();
        return spec.behind(List.of("/usr/bin/taskset", "-c", String.join(",", names)));
    }

    /** What puts a command on the generator's CPU. */
    public List<String> generatorPrefix() {
        return on(generators());
    }

    /** Time that a CPU has worked, for whomever, in ns. */
    public static long busyNs(int cpu) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/stat"))) {
            String[] columns = line.split(" +");
            if (columns[0].equals("cpu" + cpu)) {
                long ticks = 0;
                for (int i = 1; i < columns.length; i++) {
                    ticks += NOT_WORK.contains(i) ? 0 : Long.parseLong(columns[i]);
                }
                return ticks * NS_PER_TICK;
            }
        }
        throw new IOException("/proc/stat does not know CPU " + cpu);
    }

    /** The machine in words. */
    public static String machine() throws IOException {
        String model = "";
        for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
            if (line.startsWith("model name")) {
                model = line.substring(line.indexOf(':') + 1).strip() + ", ";
                break;
            }
        }
        return model + Runtime.getRuntime().availableProcessors() + " CPUs, " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + ", Java " + System.getProperty("java.version");
    }
}
