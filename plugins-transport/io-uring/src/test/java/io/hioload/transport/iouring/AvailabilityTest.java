package io.hioload.transport.iouring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.ffm.Errno;
import io.hioload.ffm.Memory;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import io.hioload.transport.Availability;
import io.hioload.transport.TransportException;
import java.lang.foreign.Arena;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kernels and containers that forbid io_uring, or parts of it: the provider says which and why, or does without. */
@Timeout(60)
class AvailabilityTest {

    private final CheckedBufferPoolManager memory = new CheckedBufferPoolManager();

    /** A kernel that refuses what the test says. */
    private static final class Sandbox extends Syscalls {
        private int setupErrno;
        private int setupFlagsRefused;
        private int mapErrno;
        private int registerErrno;
        private int registrationRefused = -1;
        private int enterErrno;
        private String disabled = "0\n";

        Sandbox(Arena arena) {
            super(arena);
        }

        @Override
        int setup(int entries, long params) {
            if (setupErrno != 0) {
                return -setupErrno;
            }
            int flags = Memory.getInt(params + 8);
            return (flags & setupFlagsRefused) != 0 ? -Errno.EINVAL : super.setup(entries, params);
        }

        @Override
        long map(int fd, long lengthBytes, long offset) {
            return mapErrno != 0 ? -mapErrno : super.map(fd, lengthBytes, offset);
        }

        @Override
        int register(int fd, int operation, long argument, int count) {
            return registerErrno != 0 && (registrationRefused < 0 || registrationRefused == operation)
                    ? -registerErrno
                    : super.register(fd, operation, argument, count);
        }

        @Override
        int enter(int fd, int submit, int complete, int flags, long argument, long argumentBytes) {
            return enterErrno != 0 ? -enterErrno : super.enter(fd, submit, complete, flags, argument, argumentBytes);
        }

        @Override
        String release() {
            return "5.15.0-test";
        }

        @Override
        String text(String file) {
            return file.endsWith("io_uring_disabled") ? disabled : "Max locked memory         65536   65536    bytes\n";
        }
    }

    private interface Rule {
        void set(Sandbox sandbox);
    }

    private static Sandbox with(Arena arena, Rule rule) {
        Sandbox sandbox = new Sandbox(arena);
        rule.set(sandbox);
        return sandbox;
    }

    private static void assertReason(String reason, Rule rule) {
        Availability answer = new IoUringTransportProvider(arena -> with(arena, rule)).availability();
        assertFalse(answer.usable());
        assertEquals(reason, answer.reason());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        memory.assertNoLeaks();
    }

    @Test
    void shouldNameSysctlWhenItForbids() {
        assertReason("io_uring_setup: forbidden by the sysctl kernel.io_uring_disabled = 2", sandbox -> {
            sandbox.setupErrno = Errno.EPERM;
            sandbox.disabled = "2\n";
        });
        assertReason("io_uring_setup: forbidden by the sysctl kernel.io_uring_disabled = 1 to processes outside of "
                + "kernel.io_uring_group and without CAP_SYS_ADMIN", sandbox -> {
                    sandbox.setupErrno = Errno.EPERM;
                    sandbox.disabled = "1\n";
                });
    }

    @Test
    void shouldNameSeccompWhenSysctlIsNotTheReason() {
        String seccomp = "forbidden: most likely by the seccomp filter of the container";
        assertReason("io_uring_setup: " + seccomp, sandbox -> sandbox.setupErrno = Errno.EPERM);
        assertReason("io_uring_setup: " + seccomp, sandbox -> sandbox.setupErrno = Errno.EACCES);
        assertReason("registering receive buffers with io_uring: " + seccomp, sandbox -> sandbox.registerErrno = Errno.EPERM);
    }

    @Test
    void shouldNameKernelWhenItHasNoRing() {
        assertReason("io_uring_setup: this kernel (5.15.0-test) has no io_uring, or a sandbox hides it",
                sandbox -> sandbox.setupErrno = Errno.ENOSYS);
        assertReason("registering receive buffers with io_uring: this kernel (5.15.0-test) has no io_uring, or a sandbox hides it",
                sandbox -> sandbox.registerErrno = Errno.ENOSYS);
    }

    @Test
    void shouldNameKernelVersionWhenItIsTooOld() {
        assertReason("io_uring_setup: needs Linux 6.1 (IORING_SETUP_DEFER_TASKRUN), this is 5.15.0-test",
                sandbox -> sandbox.setupFlagsRefused = Abi.SETUP_DEFER_TASKRUN);
    }

    @Test
    void shouldNameLimitWhenMemoryMayNotBeLocked() {
        assertReason("io_uring_setup: no memory for an io_uring: RLIMIT_MEMLOCK is 65536",
                sandbox -> sandbox.setupErrno = Errno.ENOMEM);
        assertReason("mapping the queues of io_uring: no memory for an io_uring: RLIMIT_MEMLOCK is 65536",
                sandbox -> sandbox.mapErrno = Errno.ENOMEM);
    }

    @Test
    void shouldSayWhatFailedWhenNothingElseIsKnown() {
        assertReason("io_uring_setup: " + Errno.text(Errno.EMFILE), sandbox -> sandbox.setupErrno = Errno.EMFILE);
    }

    @Test
    void shouldNotBeUsableWhenEnteringIsForbidden() {
        assertReason("io_uring_enter: forbidden: most likely by the seccomp filter of the container",
                sandbox -> sandbox.enterErrno = Errno.EPERM);
        Availability answer = new IoUringTransportProvider(arena -> with(arena, sandbox -> sandbox.enterErrno = Errno.EAGAIN))
                .availability();
        assertTrue(answer.reason().contains("takes no submissions"), answer.reason());
    }

    @Test
    void shouldGiveEverythingBackWhenRefused() throws Exception {
        assertReason("io_uring_setup: " + Errno.text(Errno.EMFILE), sandbox -> sandbox.setupErrno = Errno.EMFILE);
        int descriptors = UringLoopTest.openDescriptors();
        for (int i = 0; i < 20; i++) {
            new IoUringTransportProvider(arena -> with(arena, sandbox -> sandbox.mapErrno = Errno.ENOMEM)).availability();
            new IoUringTransportProvider(arena -> with(arena, sandbox -> sandbox.registerErrno = Errno.EPERM)).availability();
            new IoUringTransportProvider(arena -> with(arena, sandbox -> sandbox.enterErrno = Errno.EPERM)).availability();
            assertThrows(TransportException.class,
                    () -> new TestLoop(memory, 4096, Map.of(), arena -> with(arena, sandbox -> sandbox.registerErrno = Errno.EPERM)));
        }
        assertEquals(descriptors, UringLoopTest.openDescriptors());
    }

    @Test
    void shouldDoWithoutAndShowItWhenKernelLacksFeature() throws Exception {
        try (TestLoop loop = new TestLoop(memory, 4096, Map.of(UringSettings.SQ_POLL, "true"), arena -> with(arena, sandbox -> {
            sandbox.setupFlagsRefused = Abi.SETUP_NO_SQARRAY | Abi.SETUP_SQPOLL;
            sandbox.registerErrno = Errno.EINVAL;
            sandbox.registrationRefused = Abi.REGISTER_PROBE;
        }))) {
            assertEquals(0, loop.count("feature.no_sqarray"));
            assertEquals(0, loop.count("feature.sqpoll"));
            assertEquals(0, loop.count("feature.send_zc"));
            assertEquals(1, loop.count("feature.registered_ring"));
            loop.connect(loop.listen()).close();
        }
        try (TestLoop loop = new TestLoop(memory, 4096, Map.of(UringSettings.SQ_POLL, "true"), Syscalls::new)) {
            assertEquals(1, loop.count("feature.no_sqarray"));
            assertEquals(1, loop.count("feature.sqpoll"));
            assertEquals(1, loop.count("feature.send_zc"));
            loop.connect(loop.listen()).close();
        }
    }
}
