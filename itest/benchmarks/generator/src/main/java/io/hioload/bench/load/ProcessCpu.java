package io.hioload.bench.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPU time of processes. Any thread; cold. */
public final class ProcessCpu {

    /** USER_HZ, which Linux shows to programs as 100 on every machine that Java runs on. */
    private static final long NS_PER_TICK = 10_000_000;
    /** Fields of /proc/PID/stat behind the name in parentheses, from 0: utime and stime (proc_pid_stat(5)). */
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    private ProcessCpu() {
    }

    /**
     * Of this process.
     *
     * @return nanoseconds so far
     */
    public static long ownNs() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /**
     * Of another process, in user and system mode.
     *
     * @param pid of the process
     * @return nanoseconds so far, in steps of 10 ms
     * @throws IOException if there is no such process or no /proc
     */
    public static long ns(long pid) throws IOException {
        Path file = Path.of("/proc", Long.toString(pid), "stat");
        String stat;
        try {
            stat = Files.readString(file);
        } catch (IOException e) {
            throw new IOException("the CPU time of process " + pid + " is not to be had: cannot read " + file, e);
        }
        // The name may hold spaces and parentheses of its own.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) * NS_PER_TICK;
    }
}
