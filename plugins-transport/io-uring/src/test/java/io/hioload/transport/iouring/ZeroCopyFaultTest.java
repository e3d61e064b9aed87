package io.hioload.transport.iouring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.ffm.Errno;
import io.hioload.ffm.Memory;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import io.hioload.transport.TransportSettings;
import java.lang.foreign.Arena;
import java.net.Socket;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A kernel, or a socket, that refuses to send without copying. Nothing of what is refused goes out. */
@Timeout(60)
class ZeroCopyFaultTest {

    private final CheckedBufferPoolManager memory = new CheckedBufferPoolManager();
    private final SplittableRandom random = new SplittableRandom(1);

    /** Makes the kernel refuse each zero-copy send, by a flag that it does not know, and changes its reason. */
    private static final class RefusingSyscalls extends Syscalls {
        private static final int PRIORITY_OFFSET = 2;
        private static final short UNKNOWN_FLAG = 1 << 14;
        private static final int RESULT_OFFSET = 8;
        private static final int FLAGS_OFFSET = 12;

        private long submissions;
        private long submissionsEnd;
        private long queues;
        private int completionsOffset;
        private int completions;
        private int reason;

        RefusingSyscalls(Arena arena) {
            super(arena);
        }

        @Override
        int setup(int entries, long params) {
            int result = super.setup(entries, params);
            completions = Memory.getInt(params + 4);
            completionsOffset = Memory.getInt(params + 100);
            return result;
        }

        @Override
        long map(int fd, long lengthBytes, long offset) {
            long address = super.map(fd, lengthBytes, offset);
            if (offset == Abi.OFFSET_SQES) {
                submissions = address;
                submissionsEnd = address + lengthBytes;
            } else {
                queues = address;
            }
            return address;
        }

        @Override
        int enter(int fd, int submit, int complete, int flags, long argument, long argumentBytes) {
            if (reason == 0) {
                return super.enter(fd, submit, complete, flags, argument, argumentBytes);
            }
            for (long sqe = submissions; sqe < submissionsEnd; sqe += Abi.SQE_BYTES) {
                int code = Memory.getInt(sqe) & 0xff;
                if (code == Abi.OP_SEND_ZC || code == Abi.OP_SENDMSG_ZC) {
                    Memory.putShort(sqe + PRIORITY_OFFSET, UNKNOWN_FLAG);
                }
            }
            int result = super.enter(fd, submit, complete, flags, argument, argumentBytes);
            for (int i = 0; i < completions; i++) {
                long cqe = queues + completionsOffset + (long) Abi.CQE_BYTES * i;
                if (Operation.of(Memory.getLong(cqe)) == Operation.SEND_ZC && Memory.getInt(cqe + RESULT_OFFSET) == -Errno.EINVAL
                        && (Memory.getInt(cqe + FLAGS_OFFSET) & Abi.CQE_F_NOTIF) == 0) {
                    Memory.putInt(cqe + RESULT_OFFSET, -reason);
                }
            }
            return result;
        }
    }

    private RefusingSyscalls sys;
    private TestLoop loop;
    private Socket socket;

    private void open(int reason) throws Exception {
        loop = new TestLoop(memory, TransportSettings.DEFAULT_RECEIVE_BYTES, Map.of(UringSettings.ZERO_COPY, "1000"),
                arena -> sys = new RefusingSyscalls(arena));
        socket = loop.connect(loop.listen());
        sys.reason = reason;
    }

    @AfterEach
    void close() throws Exception {
        socket.close();
        loop.close();
        memory.assertNoLeaks();
    }

    private void echo(int length) throws Exception {
        byte[] message = new byte[length];
        random.nextBytes(message);
        long expected = loop.receivedBytes + length;
        socket.getOutputStream().write(message);
        loop.until(() -> loop.receivedBytes == expected && loop.sent == loop.sends);
        assertArrayEquals(message, socket.getInputStream().readNBytes(length));
        assertEquals(0, loop.failedSends);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EINVAL, Errno.EOPNOTSUPP})
    void shouldCopyFromThenOnWhenSocketCannotDoWithout(int reason) throws Exception {
        open(reason);
        for (int i = 0; i < 2 * Sends.COPIES_AFTER_SHORTAGE; i++) {
            echo(1000);
        }
        assertEquals(1, loop.count("send.zc.refusals"));
        assertEquals(1, loop.count("send.zc.operations"));
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ENOMEM, Errno.ENOBUFS})
    void shouldTryAgainLaterWhenNoMemoryMayBePinned(int reason) throws Exception {
        open(reason);
        echo(1000);
        sys.reason = 0;
        assertEquals(1, loop.count("send.zc.refusals"));
        for (int i = 0; i < Sends.COPIES_AFTER_SHORTAGE; i++) {
            echo(1000);
            assertEquals(1, loop.count("send.zc.operations"));
        }
        echo(1000);
        assertEquals(2, loop.count("send.zc.operations"));
        assertEquals(1, loop.count("send.zc.refusals"));
    }

    @Test
    void shouldSendAllWhenNoMemoryMayEverBePinned() throws Exception {
        open(Errno.ENOMEM);
        for (int i = 0; i < 2 * Sends.COPIES_AFTER_SHORTAGE; i++) {
            echo(60_000);
        }
        assertTrue(loop.count("send.zc.refusals") > 1);
        assertEquals(loop.count("send.zc.operations"), loop.count("send.zc.refusals"));
    }
}
