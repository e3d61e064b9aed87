package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.control.DebugProbe;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.Role;
import io.hioload.reactor.Reactor;
import io.hioload.session.TopicSettings;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import io.hioload.websocket.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The topics of one server. Any thread. A publisher encodes without a lock, then numbers the publication and gives it to the
 * reactors under one short lock: so it comes in the same order everywhere, and a session that moves between reactors knows by
 * the number what it has had.
 *
 * <p>Owns a reference of each last value; {@link #close} gives them back.
 */
public final class TopicHub implements Topics, DebugProbe {

    /** A publication on its way to one reactor. */
    private record Delivery(TopicTable table, Publication publication) implements Runnable {
        @Override
        public void run() {
            table.deliver(publication);
        }
    }

    /** Filters that were refused, since a session had as many as allowed. */
    final LongAdder refusedSubscriptions = new LongAdder();

    private final FrameEncoder encoder;
    private final FrameWriter writer;
    private final BufferPool shared;
    private final LongAdder published = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private volatile TopicSettings settings;
    /** Guards what follows, and what tables say is under it. */
    private final Object lock = new Object();
    private final Map<String, Publication> kept = new HashMap<>();
    /** Sessions between two reactors. */
    private final List<Subscriber> transit = new ArrayList<>();
    /** Replaced, never changed. */
    private volatile TopicTable[] tables = {};
    private long number;
    private volatile boolean closed;

    /**
     * Makes the topics of a server.
     *
     * @param codec    of its sessions
     * @param shared   memory for all threads
     * @param settings what they may cost
     */
    public TopicHub(FrameCodecProvider codec, BufferPool shared, TopicSettings settings) {
        this.encoder = codec.encoder(Role.SERVER);
        this.writer = new FrameWriter(encoder, Role.SERVER);
        this.shared = shared;
        this.settings = settings;
    }

    /**
     * Changes what they may cost. What is there stays.
     *
     * @param changed from now on
     */
    public void settings(TopicSettings changed) {
        settings = changed;
    }

    TopicSettings settings() {
        return settings;
    }

    /** The subscribers of one reactor. */
    TopicTable table(Reactor reactor) {
        synchronized (lock) {
            for (TopicTable table : tables) {
                if (table.reactor == reactor) {
                    return table;
                }
            }
            TopicTable table = new TopicTable(this, reactor, number);
            TopicTable[] more = Arrays.copyOf(tables, tables.length + 1);
            more[tables.length] = table;
            tables = more;
            return table;
        }
    }

    /**
     * Forgets a reactor that has ended.
     *
     * @param reactor without sessions
     */
    public void ended(Reactor reactor) {
        synchronized (lock) {
            List<TopicTable> left = new ArrayList<>(List.of(tables));
            left.removeIf(table -> {
                if (table.reactor == reactor) {
                    table.releaseKept();
                    return true;
                }
                return false;
            });
            tables = left.toArray(TopicTable[]::new);
        }
    }

    /** Ends it: last values go back, those of a reactor on its thread, as long as it has one. */
    public void close() {
        synchronized (lock) {
            closed = true;
            for (TopicTable table : tables) {
                try {
                    table.reactor.execute(table::releaseKept);
                } catch (RejectedExecutionException e) {
                    table.releaseKept();
                }
            }
            kept.values().forEach(Publication::release);
            kept.clear();
            tables = new TopicTable[0];
        }
    }

    // Publishing

    @Override
    public SendStatus publish(String topic, MessageType type, DirectBuffer buffer, int offset, int length) {
        return publish(topic, type == MessageType.TEXT ? Opcode.TEXT : Opcode.BINARY, buffer, offset, length, false);
    }

    @Override
    public SendStatus retain(String topic, MessageType type, DirectBuffer buffer, int offset, int length) {
        return publish(topic, type == MessageType.TEXT ? Opcode.TEXT : Opcode.BINARY, buffer, offset, length, true);
    }

    private SendStatus publish(String topic, int opcode, DirectBuffer buffer, int offset, int length, boolean keep) {
        String[] levels = TopicName.topic(topic);
        buffer.boundsCheck(offset, length);
        if (closed || !keep && hasNoSubscribers()) {
            return unheard();
        }
        FrameChain frames = length > LocalSender.MAX_MESSAGE_BYTES ? null
                : FrameChain.encode(encoder, shared, opcode, buffer, offset, length);
        return frames == null ? refused() : give(new Publication(topic, levels, frames, opcode, length, keep));
    }

    @Override
    public SendStatus publishText(String topic, CharSequence text) {
        String[] levels = TopicName.topic(topic);
        if (closed || hasNoSubscribers()) {
            return unheard();
        }
        long length = Utf8Writer.lengthBytes(text);
        if (length > LocalSender.MAX_MESSAGE_BYTES) {
            return refused();
        }
        int utf8Length = (int) length;
        long room = writer.roomBytes(utf8Length);
        if (room > shared.maxCapacity()) {
            byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
            return publish(topic, Opcode.TEXT, new UnsafeBuffer(utf8), 0, utf8.length, false);
        }
        Buffer buffer = shared.acquire((int) room);
        if (buffer == null) {
            return refused();
        }
        int frameLength = writer.text(buffer.memory(), 0, text, utf8Length);
        return give(new Publication(topic, levels, new FrameChain(buffer, frameLength), Opcode.TEXT, utf8Length, false));
    }

    private boolean hasNoSubscribers() {
        for (TopicTable table : tables) {
            if (table.subscriptions() > 0) {
                return false;
            }
        }
        synchronized (lock) {
            return transit.isEmpty();
        }
    }

    private SendStatus unheard() {
        published.increment();
        return closed ? SendStatus.CLOSED : SendStatus.ACCEPTED;
    }

    private SendStatus refused() {
        refused.increment();
        return SendStatus.DROPPED;
    }

    /** Takes over the publisher's reference. */
    private SendStatus give(Publication publication) {
        try {
            synchronized (lock) {
                if (closed) {
                    return SendStatus.CLOSED;
                }
                if (publication.kept && !keep(publication)) {
                    return refused();
                }
                return deal(publication);
            }
        } finally {
            publication.release();
        }
    }

    /** False if no more topics may have a last value. Under the lock. */
    private boolean keep(Publication publication) {
        if (kept.size() >= settings.maxRetained() && !kept.containsKey(publication.topic)) {
            return false;
        }
        publication.retain();
        Publication before = kept.put(publication.topic, publication);
        if (before != null) {
            before.release();
        }
        return true;
    }

    private SendStatus deal(Publication publication) {
        published.increment();
        publication.number = ++number;
        SendStatus status = SendStatus.ACCEPTED;
        for (TopicTable table : tables) {
            if (table.wants(publication) && !given(table, publication)) {
                status = SendStatus.DROPPED;
            }
        }
        for (int i = 0; i < transit.size(); i++) {
            Subscriber subscriber = transit.get(i);
            if (!publication.isForgetting() && subscriber.matches(publication)) {
                publication.retain();
                subscriber.session.execute(() -> {
                    subscriber.deliverAfterTransit(publication);
                    publication.release();
                });
            }
        }
        return status;
    }

    private boolean given(TopicTable table, Publication publication) {
        publication.retain();
        try {
            table.reactor.execute(new Delivery(table, publication));
            table.given++;
            return true;
        } catch (RejectedExecutionException e) {
            publication.release();
            rejected.increment();
            if (publication.kept) {
                table.stale();
            }
            return false;
        }
    }

    @Override
    public boolean forget(String topic) {
        String[] levels = TopicName.topic(topic);
        synchronized (lock) {
            Publication before = kept.remove(topic);
            if (before == null) {
                return false;
            }
            before.release();
            deal(Publication.forgetting(topic, levels));
            return true;
        }
    }

    // For tables and subscribers

    /** Fills a table's last values; gives the number that they are as of. */
    long copyKept(Map<String, Publication> target) {
        synchronized (lock) {
            kept.forEach((topic, value) -> {
                value.retain();
                target.put(topic, value);
            });
            return number;
        }
    }

    /**
     * A session in transit leaves its reactor, on whose thread this is: what is published from now on is given to itself.
     *
     * @return false if the reactor's queue is full; then nothing has changed
     */
    boolean leave(Subscriber subscriber, TopicTable table) {
        synchronized (lock) {
            int attempt = subscriber.nextAttempt();
            if (table.isUpToDate()) {
                subscriber.left(attempt);
            } else {
                try {
                    table.reactor.execute(() -> subscriber.left(attempt));
                } catch (RejectedExecutionException e) {
                    return false;
                }
            }
            transit.add(subscriber);
            return true;
        }
    }

    /** It has come, or is over: its reactor's table has it from now on. Gives the number of the last publication. */
    long arrived(Subscriber subscriber) {
        synchronized (lock) {
            transit.remove(subscriber);
            return number;
        }
    }

    // For a person

    @Override
    public String probeName() {
        return "topics";
    }

    @Override
    public Map<String, Object> probe() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("published", published.sum());
        state.put("refused", refused.sum());
        state.put("rejected", rejected.sum());
        state.put("subscriptions", Arrays.stream(tables).mapToInt(TopicTable::subscriptions).sum());
        state.put("subscriptions.refused", refusedSubscriptions.sum());
        synchronized (lock) {
            state.put("retained", kept.size());
        }
        return state;
    }
}
