package io.hioload.affinity.internal;

import io.hioload.affinity.CpuSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the control groups of this process allow it: CPUs and their time, by cgroup v2 (kernel documentation,
 * admin-guide/cgroup-v2: cpu.max, cpuset.cpus.effective) or v1 (cpu.cfs_quota_us, cpuset.effective_cpus). The tightest limit
 * on the way up counts. Immutable; costs a dozen small files.
 *
 * @param cpus    the cpuset, empty if there is none
 * @param quota   how many CPUs' time; infinite if there is no limit
 * @param reasons where the quota is, for people
 */
record ControlGroup(CpuSet cpus, double quota, List<String> reasons) {

    private static final String V1 = "cgroup";
    private static final String V2 = "cgroup2";

    /** One line of /proc/self/cgroup with the mount that shows it: the directory of the process's group, up to which it goes. */
    private record Group(Path directory, Path mount) {
    }

    /** Reads what holds now. */
    static ControlGroup read(SystemFiles files) {
        List<String> reasons = new ArrayList<>();
        Group v2 = find(files, "", V2);
        Group v1Cpu = find(files, "cpu", V1);
        Group v1Cpuset = find(files, "cpuset", V1);
        CpuSet cpus = cpus(files, v1Cpuset, "cpuset.effective_cpus", "cpuset.cpus");
        if (cpus.isEmpty()) {
            cpus = cpus(files, v2, "cpuset.cpus.effective", "cpuset.cpus");
        }
        double quota = Math.min(quota(files, v1Cpu, false, reasons), quota(files, v2, true, reasons));
        return new ControlGroup(cpus, quota, reasons);
    }

    /** Lines are {@code 3:cpu,cpuacct:/a/b} and {@code 0::/a/b} (cgroups(7)). */
    private static Group find(SystemFiles files, String controller, String type) {
        for (String line : files.text(files.path("proc/self/cgroup")).split("\n")) {
            String[] fields = line.split(":", 3);
            boolean wanted = fields.length == 3 && (controller.isEmpty() ? fields[1].isEmpty() : has(fields[1], controller));
            if (wanted) {
                return mounted(files, controller, type, fields[2]);
            }
        }
        return null;
    }

    /**
     * Lines are {@code 32 31 0:29 /root /sys/fs/cgroup/cpu rw,relatime shared:1 - cgroup cgroup rw,cpu} (proc_pid_mountinfo(5)).
     * In a container the mount's root often is the group itself.
     */
    private static Group mounted(SystemFiles files, String controller, String type, String group) {
        for (String line : files.text(files.path("proc/self/mountinfo")).split("\n")) {
            String[] sides = line.split(" - ", 2);
            String[] mount = sides[0].split(" ");
            String[] system = sides.length == 2 ? sides[1].split(" ") : new String[0];
            if (mount.length < 5 || system.length < 3 || !system[0].equals(type)
                    || !controller.isEmpty() && !has(system[2], controller)) {
                continue;
            }
            Path top = files.path(mount[4].substring(1));
            String root = mount[3].equals("/") ? "" : mount[3];
            String below = group.equals(root) || group.startsWith(root + "/") ? group.substring(root.length()) : group;
            Path directory = top.resolve(below.replaceFirst("^/+", "")).normalize();
            return new Group(directory.startsWith(top) && files.has(directory) ? directory : top, top);
        }
        return null;
    }

    private static boolean has(String list, String word) {
        return Arrays.asList(list.split(",")).contains(word);
    }

    private static CpuSet cpus(SystemFiles files, Group group, String effective, String configured) {
        if (group == null) {
            return CpuSet.EMPTY;
        }
        for (Path at = group.directory(); at.startsWith(group.mount()); at = at.getParent()) {
            String list = files.text(at.resolve(effective));
            if (list.isEmpty()) {
                list = files.text(at.resolve(configured));
            }
            if (list.matches("[0-9,-]+")) {
                return CpuSet.parse(list);
            }
        }
        return CpuSet.EMPTY;
    }

    private static double quota(SystemFiles files, Group group, boolean v2, List<String> reasons) {
        double tightest = Double.POSITIVE_INFINITY;
        if (group == null) {
            return tightest;
        }
        String reason = "";
        for (Path at = group.directory(); at.startsWith(group.mount()); at = at.getParent()) {
            String limit = v2 ? files.text(at.resolve("cpu.max"))
                    : files.text(at.resolve("cpu.cfs_quota_us")) + " " + files.text(at.resolve("cpu.cfs_period_us"));
            if (limit.matches("[1-9][0-9]{0,17} [1-9][0-9]{0,17}")) { // else it is "max" or -1, or missing
                String[] times = limit.split(" ");
                double quota = Double.parseDouble(times[0]) / Double.parseDouble(times[1]);
                if (quota < tightest) {
                    tightest = quota;
                    reason = (v2 ? "cpu.max " : "cpu.cfs_quota_us ") + limit;
                }
            }
        }
        if (!reason.isEmpty()) {
            reasons.add(reason);
        }
        return tightest;
    }
}
