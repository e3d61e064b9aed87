package io.hioload.transport.iouring;

import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigKey.Effect;
import io.hioload.control.ConfigKey.Type;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportSettings;
import java.util.List;
import java.util.Map;

/**
 * The settings of this transport, declared and checked.
 *
 * @param entries       length of the submission queue
 * @param buffers       how many receive buffers there are
 * @param receiveBytes  size of each
 * @param zeroCopyBytes sends from so many bytes on are not copied; 0 for none
 * @param sqPoll        whether a kernel thread takes the submissions
 * @param sqPollIdleMs  after so long without any it sleeps
 * @param sqPollCpu     where it runs, negative for anywhere
 * @param wanted        what to make use of where the kernel has it
 */
record UringSettings(int entries, int buffers, int receiveBytes, int zeroCopyBytes, boolean sqPoll, int sqPollIdleMs, int sqPollCpu,
        Features wanted) {

    static final String ENTRIES = "transport.io_uring.entries";
    static final String BUFFERS = "transport.io_uring.buffers";
    static final String ZERO_COPY = "transport.io_uring.send.zc.bytes";
    static final String SQ_POLL = "transport.io_uring.sqpoll";
    static final String SQ_POLL_IDLE = "transport.io_uring.sqpoll.idle";
    static final String SQ_POLL_CPU = "transport.io_uring.sqpoll.cpu";
    static final String WITHOUT = "transport.io_uring.without";

    /** 32 KiB of submissions and 64 KiB of completions, which stay in the cache; a longer turn enters more often. */
    static final int DEFAULT_ENTRIES = 512;
    /** With 64 KiB each they fit into the second-level cache; twice as many were slower at 16 KiB messages. */
    static final int DEFAULT_BUFFERS = 16;
    /** Off: over the loopback device the kernel copies after all, and pays for the pinning besides. */
    static final int DEFAULT_ZERO_COPY_BYTES = 0;
    static final int DEFAULT_SQ_POLL_IDLE_MS = 10;

    /** A completion for each of so many operations before the kernel has to keep a list. */
    static final int COMPLETIONS_PER_ENTRY = 8;

    private static final int MOST_ENTRIES = 32_768 / COMPLETIONS_PER_ENTRY;
    private static final int MOST_BUFFERS = 32_768;
    private static final int MOST_ZERO_COPY_BYTES = 1 << 30;

    /** All keys in the order of the table in the README. */
    static final List<ConfigKey> KEYS = List.of(
            ConfigKey.number(ENTRIES, Type.NUMBER, DEFAULT_ENTRIES, 8, MOST_ENTRIES, Effect.LIVE,
                    "Length of the submission queue, a power of two; the completion queue is 8 times as long. "
                            + "Fuller turns enter the kernel more often."),
            ConfigKey.number(BUFFERS, Type.NUMBER, DEFAULT_BUFFERS, 1, MOST_BUFFERS, Effect.LIVE,
                    "Receive buffers of each loop, a power of two; keep them inside the second-level cache."),
            ConfigKey.number(ZERO_COPY, Type.SIZE, DEFAULT_ZERO_COPY_BYTES, 0, MOST_ZERO_COPY_BYTES, Effect.LIVE,
                    "Sends of at least so many bytes are not copied (SEND_ZC); 0 copies all. For network cards, not for loopback."),
            ConfigKey.flag(SQ_POLL, false, Effect.LIVE,
                    "Let a kernel thread take the submissions (SQPOLL): for machines with a CPU to spare for each loop."),
            ConfigKey.number(SQ_POLL_IDLE, Type.DURATION, DEFAULT_SQ_POLL_IDLE_MS, 1, 60_000, Effect.LIVE,
                    "Time without submissions after which that thread sleeps."),
            ConfigKey.number(SQ_POLL_CPU, Type.NUMBER, -1, -1, 65_535, Effect.LIVE,
                    "CPU that the thread is bound to; -1 leaves it to the system."),
            ConfigKey.text(WITHOUT, "", Effect.LIVE,
                    "Features not to use although they are there, comma-separated; for kernels in which one of them is broken."));

    static UringSettings of(TransportSettings settings) throws TransportException {
        Map<String, String> properties = settings.properties();
        String without = properties.getOrDefault(WITHOUT, "");
        Features wanted;
        try {
            wanted = Features.without(without);
        } catch (IllegalArgumentException e) {
            throw new TransportException(WITHOUT + " = " + without + ": a comma-separated list of " + String.join(", ", Features.NAMES));
        }
        return new UringSettings(powerOfTwo(properties, ENTRIES), powerOfTwo(properties, BUFFERS), settings.receiveBytes(),
                number(properties, ZERO_COPY), (Boolean) value(properties, SQ_POLL), number(properties, SQ_POLL_IDLE),
                number(properties, SQ_POLL_CPU), wanted);
    }

    private static Object value(Map<String, String> properties, String name) throws TransportException {
        ConfigKey key = KEYS.stream().filter(k -> k.name().equals(name)).findFirst().orElseThrow();
        String text = properties.get(name);
        if (text == null) {
            return key.defaultValue();
        }
        try {
            return key.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TransportException(e.getMessage());
        }
    }

    private static int number(Map<String, String> properties, String name) throws TransportException {
        return Math.toIntExact((Long) value(properties, name));
    }

    private static int powerOfTwo(Map<String, String> properties, String name) throws TransportException {
        int value = number(properties, name);
        if (Integer.bitCount(value) != 1) {
            throw new TransportException(name + " = " + value + ": allowed is a power of two");
        }
        return value;
    }
}
