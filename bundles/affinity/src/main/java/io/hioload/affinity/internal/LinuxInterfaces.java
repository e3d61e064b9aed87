package io.hioload.affinity.internal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Which NUMA node a network interface is attached to, by /sys/class/net (kernel documentation,
 * ABI/testing/sysfs-class-net and sysfs-bus-pci, numa_node). A virtio interface is a child of the device that knows; a bond or
 * a VLAN is where its first lower interface is. Any thread; holds nothing.
 */
final class LinuxInterfaces {

    private static final int MAX_LAYERS = 4;

    private LinuxInterfaces() {
    }

    /** The node, or why there is none; see {@link HostSystem#nodeOfInterface}. */
    static int nodeOf(SystemFiles files, String name) {
        Path net = files.path("sys/class/net").resolve(name);
        return files.has(net) ? nodeOf(files, net, MAX_LAYERS) : HostSystem.NO_INTERFACE;
    }

    private static int nodeOf(SystemFiles files, Path net, int layers) {
        try {
            Path top = files.path("sys/devices").toRealPath();
            for (Path at = net.resolve("device").toRealPath(); at.startsWith(top); at = at.getParent()) {
                long node = files.number(at.resolve("numa_node"), HostSystem.NO_NODE);
                if (node >= 0) {
                    return (int) node;
                }
            }
        } catch (IOException e) {
            // no hardware of its own: a layer over others, a tunnel, the loopback
        }
        int node = HostSystem.NO_NODE;
        if (layers > 0) {
            for (Path lower : files.matching(net, "lower_*")) {
                node = node >= 0 ? node : nodeOf(files, lower, layers - 1);
            }
        }
        return node;
    }
}
