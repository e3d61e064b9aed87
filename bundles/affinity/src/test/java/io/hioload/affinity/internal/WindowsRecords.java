package io.hioload.affinity.internal;

import com.sun.jna.Memory;
import com.sun.jna.platform.win32.WinNT.SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX;
import io.hioload.affinity.Topology;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes that GetLogicalProcessorInformationEx writes on 64-bit Windows, laid out after winnt.h: built here, not recorded
 * on a machine. jna-platform takes them apart as it does on Windows.
 */
final class WindowsRecords {

    private static final int CORE = 0;
    private static final int NODE = 1;
    private static final int CACHE = 2;
    private static final int PACKAGE = 3;
    private static final int GROUP = 4;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** A mask of one group: KAFFINITY Mask; WORD Group; WORD Reserved[3]. */
    record Mask(int group, long mask) {
    }

    /** A machine of which so many nodes go into each group of 64; every node is a package with one last-level cache. */
    static Topology topology(int nodes, int coresPerNode, int threadsPerCore) {
        WindowsRecords records = new WindowsRecords();
        int perNode = coresPerNode * threadsPerCore;
        int nodesPerGroup = 64 / perNode;
        long wholeNode = perNode == 64 ? -1L : (1L << perNode) - 1;
        for (int node = 0; node < nodes; node++) {
            int group = node / nodesPerGroup;
            int shift = node % nodesPerGroup * perNode;
            Mask all = new Mask(group, wholeNode << shift);
            records.processors(PACKAGE, all);
            records.node(node, 0, all);
            records.cache(3, 0, 32 << 20, all);
            for (int core = 0; core < coresPerNode; core++) {
                Mask threads = new Mask(group, (1L << threadsPerCore) - 1 << shift + core * threadsPerCore);
                records.processors(CORE, threads);
                records.cache(1, 2, 32 << 10, threads);
                records.cache(1, 1, 32 << 10, threads);
                records.cache(2, 0, 1 << 20, threads);
            }
        }
        long[] groups = new long[(nodes + nodesPerGroup - 1) / nodesPerGroup];
        for (int node = 0; node < nodes; node++) {
            groups[node / nodesPerGroup] |= wholeNode << node % nodesPerGroup * perNode;
        }
        return records.groups(groups).toTopology();
    }

    WindowsRecords core(Mask... masks) {
        return processors(CORE, masks);
    }

    WindowsRecords processorPackage(Mask... masks) {
        return processors(PACKAGE, masks);
    }

    /** PROCESSOR_RELATIONSHIP: BYTE Flags, EfficiencyClass, Reserved[20]; WORD GroupCount; GROUP_AFFINITY GroupMask[]. */
    private WindowsRecords processors(int relation, Mask... masks) {
        ByteBuffer body = buffer(24 + 16 * masks.length).put((byte) 1).put((byte) 0).position(22).putShort((short) masks.length);
        return add(relation, putMasks(body, masks));
    }

    /**
     * NUMA_NODE_RELATIONSHIP: DWORD NodeNumber; BYTE Reserved[18]; WORD GroupCount; GROUP_AFFINITY GroupMasks[].
     *
     * @param groupCount 0 before Windows Server 2022, when it was reserved
     */
    WindowsRecords node(int number, int groupCount, Mask... masks) {
        ByteBuffer body = buffer(24 + 16 * masks.length).putInt(number).position(22).putShort((short) groupCount);
        return add(NODE, putMasks(body, masks));
    }

    /** CACHE_RELATIONSHIP: BYTE Level, Associativity; WORD LineSize; DWORD CacheSize, Type; BYTE Reserved[18]; WORD GroupCount; masks. */
    WindowsRecords cache(int level, int type, int sizeBytes, Mask... masks) {
        ByteBuffer body = buffer(32 + 16 * masks.length).put((byte) level).put((byte) 8).putShort((short) 64).putInt(sizeBytes).putInt(type)
                .position(30).putShort((short) masks.length);
        return add(CACHE, putMasks(body, masks));
    }

    /**
     * GROUP_RELATIONSHIP: WORD MaximumGroupCount, ActiveGroupCount; BYTE Reserved[20]; PROCESSOR_GROUP_INFO[]: BYTE
     * MaximumProcessorCount, ActiveProcessorCount, Reserved[38]; KAFFINITY ActiveProcessorMask.
     */
    WindowsRecords groups(long... masks) {
        ByteBuffer body = buffer(24 + 48 * masks.length).putShort((short) masks.length).putShort((short) masks.length).position(24);
        for (long mask : masks) {
            int at = body.position();
            body.put((byte) 64).put((byte) Long.bitCount(mask)).position(at + 40).putLong(mask);
        }
        return add(GROUP, body);
    }

    /** A relation that is still to come. */
    WindowsRecords unknown() {
        return add(99, buffer(40));
    }

    private static ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer putMasks(ByteBuffer body, Mask... masks) {
        for (Mask mask : masks) {
            body.putLong(mask.mask()).putShort((short) mask.group()).position(body.position() + 6);
        }
        return body;
    }

    private WindowsRecords add(int relation, ByteBuffer body) {
        bytes.writeBytes(buffer(8).putInt(relation).putInt(8 + body.capacity()).array());
        bytes.writeBytes(body.array());
        return this;
    }

    Topology toTopology() {
        try (Memory memory = new Memory(bytes.size())) {
            memory.write(0, bytes.toByteArray(), 0, bytes.size());
            List<SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX> records = new ArrayList<>();
            for (int at = 0; at < bytes.size();) {
                SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX record = SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX.fromPointer(memory.share(at));
                records.add(record);
                at += record.size;
            }
            return WindowsTopology.of(records.toArray(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX[]::new), node -> (node + 1L) << 30);
        }
    }
}
