package io.hioload.affinity.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "symbolic links need a privilege there")
class LinuxInterfacesTest {

    private static final String PCI = "sys/devices/pci0000:80/0000:80:02.0/0000:81:00.0";

    @TempDir
    private Path root;

    @Test
    void shouldTellNodeOfDeviceOfItsParentAndOfLowerInterface() {
        SysfsTree tree = new SysfsTree(root).write(PCI + "/numa_node", "1").link("sys/class/net/eth0/device", PCI)
                .write("sys/devices/pci0000:00/0000:00:03.0/numa_node", "-1")
                .link("sys/class/net/eth1/device", "sys/devices/pci0000:00/0000:00:03.0/virtio0")
                .link("sys/class/net/eth2/device", PCI + "/virtio1").link("sys/class/net/bond0/lower_eth1", "sys/class/net/eth1")
                .link("sys/class/net/bond0/lower_eth2", "sys/class/net/eth2").link("sys/class/net/vlan7/lower_bond0", "sys/class/net/bond0")
                .write("sys/class/net/lo/mtu", "65536");
        assertEquals(1, LinuxInterfaces.nodeOf(tree.files(), "eth0"));
        assertEquals(HostSystem.NO_NODE, LinuxInterfaces.nodeOf(tree.files(), "eth1"), "the firmware does not tell");
        assertEquals(1, LinuxInterfaces.nodeOf(tree.files(), "eth2"));
        assertEquals(1, LinuxInterfaces.nodeOf(tree.files(), "bond0"));
        assertEquals(1, LinuxInterfaces.nodeOf(tree.files(), "vlan7"));
        assertEquals(HostSystem.NO_NODE, LinuxInterfaces.nodeOf(tree.files(), "lo"));
        assertEquals(HostSystem.NO_INTERFACE, LinuxInterfaces.nodeOf(tree.files(), "eth9"));
    }

    @Test
    void shouldEndWhenInterfacesLieUponEachOther() {
        SysfsTree tree = new SysfsTree(root).write("sys/devices/x", "").link("sys/class/net/a/lower_b", "sys/class/net/b")
                .link("sys/class/net/b/lower_a", "sys/class/net/a");
        assertEquals(HostSystem.NO_NODE, LinuxInterfaces.nodeOf(tree.files(), "a"));
    }
}
