package io.hioload.transport.iouring;

import io.hioload.ffm.Errno;

/** Why a kernel gives out no ring, in words that say what to change. Any thread. Cold. */
final class Refusal {

    private static final String DISABLED = "/proc/sys/kernel/io_uring_disabled";
    private static final String LIMITS = "/proc/self/limits";

    private final Syscalls sys;

    /**
     * Explains what one system answers.
     *
     * @param sys tells about its kernel
     */
    Refusal(Syscalls sys) {
        this.sys = sys;
    }

    /**
     * The reason.
     *
     * @param call  what was refused
     * @param errno how
     * @return one line
     */
    String of(String call, int errno) {
        return switch (errno) {
            case Errno.ENOSYS -> call + ": this kernel (" + sys.release() + ") has no io_uring, or a sandbox hides it";
            case Errno.EINVAL -> call + ": needs Linux 6.1 (IORING_SETUP_DEFER_TASKRUN), this is " + sys.release();
            case Errno.EPERM, Errno.EACCES -> call + ": " + forbidden(sys.text(DISABLED).strip());
            case Errno.ENOMEM -> call + ": no memory for an io_uring: " + lockedMemory(sys.text(LIMITS));
            default -> call + ": " + Errno.text(errno);
        };
    }

    private static String forbidden(String disabled) {
        return switch (disabled) {
            case "2" -> "forbidden by the sysctl kernel.io_uring_disabled = 2";
            case "1" -> "forbidden by the sysctl kernel.io_uring_disabled = 1 to processes outside of kernel.io_uring_group "
                    + "and without CAP_SYS_ADMIN";
            default -> "forbidden: most likely by the seccomp filter of the container";
        };
    }

    private static String lockedMemory(String limits) {
        return limits.lines().filter(line -> line.startsWith("Max locked memory"))
                .map(line -> "RLIMIT_MEMLOCK is " + line.substring("Max locked memory".length()).strip().split("\\s+")[0])
                .findFirst().orElse("RLIMIT_MEMLOCK is unknown");
    }
}
