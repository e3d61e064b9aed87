package io.hioload.affinity.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.affinity.CpuLimits;
import io.hioload.affinity.CpuSet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupTest {

    @TempDir
    private Path root;
    private SysfsTree tree;

    @BeforeEach
    void machineOf16Cpus() {
        tree = new SysfsTree(root).write("sys/devices/system/cpu/online", "0-15");
    }

    private CpuLimits limits(String taskMask) {
        return LinuxSystem.limits(tree.files(), CpuSet.parse(taskMask));
    }

    private void v2(String group, String mountRoot) {
        tree.write("proc/self/cgroup", "0::" + group).write("proc/self/mountinfo",
                "30 23 0:28 " + mountRoot + " /sys/fs/cgroup rw,nosuid shared:4 master:1 - cgroup2 cgroup2 rw,nsdelegate");
    }

    @Test
    void shouldTakeTightestQuotaOnTheWayUpAndNearestCpusetWhenVersionIs2() {
        v2("/a/b", "/");
        tree.write("sys/fs/cgroup/a/b/cpu.max", "600000 100000").write("sys/fs/cgroup/a/cpu.max", "150000 100000")
                .write("sys/fs/cgroup/a/b/cpuset.cpus.effective", "2-7").write("sys/fs/cgroup/cpuset.cpus.effective", "0-15");
        CpuLimits limits = limits("0-15");
        assertEquals(1.5, limits.quota());
        assertEquals(2, limits.parallelism());
        assertEquals(CpuSet.parse("2-7"), limits.usable());
        assertEquals(List.of("cpuset 2-7", "cpu.max 150000 100000"), limits.reasons());
    }

    @Test
    void shouldHaveNoLimitWhenQuotaIsMaxAndCpusetIsAll() {
        v2("/", "/");
        tree.write("sys/fs/cgroup/cpu.max", "max 100000").write("sys/fs/cgroup/cpuset.cpus.effective", "0-15");
        assertEquals(new CpuLimits(CpuSet.parse("0-15"), Double.POSITIVE_INFINITY, List.of()), limits("0-15"));
    }

    @Test
    void shouldFindGroupWhenContainerMountsItAsRoot() {
        v2("/docker/abc", "/docker/abc");
        tree.write("sys/fs/cgroup/cpu.max", "50000 100000");
        assertEquals(0.5, limits("0-15").quota());
        v2("/../../outside", "/");
        assertEquals(0.5, limits("0-15").quota(), "a group that is not visible here");
    }

    @Test
    void shouldReadQuotaAndCpusetWhenVersionIs1() {
        tree.write("proc/self/cgroup", "9:name=systemd:/\n3:cpuset:/jvm\n2:cpu,cpuacct:/jvm\n0::/").write("proc/self/mountinfo", """
                31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
                32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
                35 31 0:32 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset
                41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw""");
        tree.write("sys/fs/cgroup/cpu,cpuacct/jvm/cpu.cfs_quota_us", "250000")
                .write("sys/fs/cgroup/cpu,cpuacct/jvm/cpu.cfs_period_us", "100000")
                .write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1").write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000")
                .write("sys/fs/cgroup/cpuset/jvm/cpuset.cpus", "0-3,8").write("sys/fs/cgroup/unified/cgroup.procs", "1");
        CpuLimits limits = limits("0-7");
        assertEquals(2.5, limits.quota());
        assertEquals(CpuSet.parse("0-3"), limits.usable());
        assertEquals(3, limits.parallelism());
        assertEquals(List.of("task mask 0-7", "cpuset 0-3,8", "cpu.cfs_quota_us 250000 100000"), limits.reasons());
    }

    @Test
    void shouldRespectTaskMaskAloneWhenThereAreNoGroups() {
        CpuLimits limits = limits("4-5");
        assertEquals(CpuSet.parse("4-5"), limits.usable());
        assertEquals(List.of("task mask 4-5"), limits.reasons());
    }

    @Test
    void shouldKeepToTaskMaskWhenCpusetIsJustChanging() {
        v2("/", "/");
        tree.write("sys/fs/cgroup/cpuset.cpus.effective", "8-9");
        assertEquals(CpuSet.parse("0-1"), limits("0-1").usable());
    }

    @Test
    void shouldIgnoreWhatIsBroken() {
        v2("/", "/");
        tree.write("sys/fs/cgroup/cpu.max", "0 0").write("sys/fs/cgroup/cpuset.cpus.effective", "all");
        CpuLimits limits = limits("0-15");
        assertTrue(Double.isInfinite(limits.quota()));
        assertEquals(16, limits.usable().size());
    }
}
