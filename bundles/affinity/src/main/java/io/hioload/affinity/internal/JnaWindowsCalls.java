package io.hioload.affinity.internal;

import com.sun.jna.Native;
import com.sun.jna.platform.win32.BaseTSD.ULONG_PTR;
import com.sun.jna.platform.win32.BaseTSD.ULONG_PTRByReference;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.Kernel32Util;
import com.sun.jna.platform.win32.Win32Exception;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.platform.win32.WinNT.GROUP_AFFINITY;
import com.sun.jna.platform.win32.WinNT.HANDLE;
import com.sun.jna.platform.win32.WinNT.LOGICAL_PROCESSOR_RELATIONSHIP;
import com.sun.jna.platform.win32.WinNT.SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import io.hioload.affinity.Topology;
import java.util.stream.Stream;

/**
 * Windows by jna-platform, and by JNA where jna-platform has not declared the function. Any thread; costs some microseconds a
 * call. Loading it fails with a {@link LinkageError} where JNA or kernel32 is missing.
 */
final class JnaWindowsCalls implements WindowsCalls {

    /** What jna-platform does not declare (processthreadsapi.h, winbase.h). */
    interface GroupFunctions extends StdCallLibrary {

        boolean SetThreadGroupAffinity(HANDLE thread, GROUP_AFFINITY wanted, GROUP_AFFINITY previous);

        boolean GetThreadGroupAffinity(HANDLE thread, GROUP_AFFINITY affinity);

        boolean GetNumaAvailableMemoryNodeEx(short node, LongByReference bytes);

        int GetProcessIdOfThread(HANDLE thread);
    }

    private static final int THREAD_ACCESS = WinNT.THREAD_SET_INFORMATION | WinNT.THREAD_QUERY_INFORMATION;

    private final Kernel32 kernel = Kernel32.INSTANCE;
    private final GroupFunctions groups = Native.load("kernel32", GroupFunctions.class, W32APIOptions.DEFAULT_OPTIONS);

    @Override
    public Topology readTopology() {
        Stream<SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX> all = Stream
                .of(Kernel32Util.getLogicalProcessorInformationEx(LOGICAL_PROCESSOR_RELATIONSHIP.RelationAll));
        return WindowsTopology.of(Stream.concat(all, wholeNodes()).toArray(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX[]::new),
                this::availableBytes);
    }

    /** Since Windows Server 2022 a node may lie in several groups, and only this question is answered with all of them. */
    private static Stream<SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX> wholeNodes() {
        try {
            return Stream.of(Kernel32Util.getLogicalProcessorInformationEx(LOGICAL_PROCESSOR_RELATIONSHIP.RelationNumaNodeEx));
        } catch (Win32Exception e) {
            return Stream.empty(); // ERROR_INVALID_PARAMETER: an older Windows
        }
    }

    private long availableBytes(int node) {
        LongByReference bytes = new LongByReference();
        return groups.GetNumaAvailableMemoryNodeEx((short) node, bytes) ? bytes.getValue() : 0;
    }

    @Override
    public ProcessMask processMask() {
        ULONG_PTRByReference process = new ULONG_PTRByReference();
        ULONG_PTRByReference system = new ULONG_PTRByReference();
        if (!kernel.GetProcessAffinityMask(kernel.GetCurrentProcess(), process, system)) {
            throw new Win32Exception(kernel.GetLastError());
        }
        return new ProcessMask(process.getValue().longValue(), system.getValue().longValue());
    }

    @Override
    public long threadId() {
        return Integer.toUnsignedLong(kernel.GetCurrentThreadId());
    }

    @Override
    public GroupMask threadMask(long thread) {
        HANDLE handle = open(thread);
        if (handle == null) {
            return null;
        }
        try {
            GROUP_AFFINITY affinity = new GROUP_AFFINITY();
            return groups.GetThreadGroupAffinity(handle, affinity) ? new GroupMask(affinity.group, affinity.mask.longValue()) : null;
        } finally {
            close(thread, handle);
        }
    }

    @Override
    public String setThreadMask(long thread, GroupMask mask) {
        HANDLE handle = open(thread);
        if (handle == null) {
            return "thread " + thread + " is none of this process";
        }
        try {
            GROUP_AFFINITY affinity = new GROUP_AFFINITY();
            affinity.group = (short) mask.group();
            affinity.mask = new ULONG_PTR(mask.mask());
            return groups.SetThreadGroupAffinity(handle, affinity, null) ? ""
                    : "SetThreadGroupAffinity to " + WindowsSystem.cpus(mask) + ": error " + kernel.GetLastError();
        } finally {
            close(thread, handle);
        }
    }

    /** The pseudo handle of the calling thread, or a real one; null if it is no thread of this process. */
    private HANDLE open(long thread) {
        if (thread == HostSystem.CALLING_THREAD) {
            return kernel.GetCurrentThread();
        }
        HANDLE handle = kernel.OpenThread(THREAD_ACCESS, false, (int) thread);
        if (handle != null && groups.GetProcessIdOfThread(handle) != kernel.GetCurrentProcessId()) {
            kernel.CloseHandle(handle);
            return null;
        }
        return handle;
    }

    private void close(long thread, HANDLE handle) {
        if (thread != HostSystem.CALLING_THREAD) {
            kernel.CloseHandle(handle);
        }
    }
}
