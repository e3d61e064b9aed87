package io.hioload.transport.iouring;

import io.hioload.ffm.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Why a kernel gives out no ring, in words that say what to change. Any thread. Cold. */
final class Refusal {

    private static final Path DISABLED = Path.of("/proc/sys/kernel/io_uring_disabled");
    private static final Path LIMITS = Path.of("/proc/self/limits");

    private Refusal() {
    }

    static String ofSetup(int errno) {
        return ofSetup(errno, read(DISABLED).strip(), System.getProperty("os.version", "unknown"));
    }

    /**
     * The reason.
     *
     * @param errno    of io_uring_setup(2)
     * @param disabled value of the sysctl kernel.io_uring_disabled (Linux 6.6), empty if there is none
     * @param release  of the kernel
     * @return one line
     */
    static String ofSetup(int errno, String disabled, String release) {
        return switch (errno) {
            case Errno.ENOSYS -> "this kernel (" + release + ") has no io_uring, or a sandbox hides it";
            case Errno.EINVAL -> "needs Linux 6.1 (IORING_SETUP_DEFER_TASKRUN), this is " + release;
            case Errno.EPERM -> forbidden(disabled);
            case Errno.ENOMEM -> "no memory for an io_uring: " + lockedMemory(read(LIMITS));
            default -> "io_uring_setup: " + Errno.text(errno);
        };
    }

    private static String forbidden(String disabled) {
        return switch (disabled) {
            case "2" -> "forbidden by the sysctl kernel.io_uring_disabled = 2";
            case "1" -> "forbidden by the sysctl kernel.io_uring_disabled = 1 to processes outside of kernel.io_uring_group "
                    + "and without CAP_SYS_ADMIN";
            default -> "forbidden (EPERM): most likely by the seccomp filter of the container";
        };
    }

    /**
     * The limit that the kernel may count rings against.
     *
     * @param limits content of /proc/self/limits
     * @return the limit with its name
     */
    static String lockedMemory(String limits) {
        return limits.lines().filter(line -> line.startsWith("Max locked memory"))
                .map(line -> "RLIMIT_MEMLOCK is " + line.substring("Max locked memory".length()).strip().split("\\s+")[0])
                .findFirst().orElse("RLIMIT_MEMLOCK is unknown");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
