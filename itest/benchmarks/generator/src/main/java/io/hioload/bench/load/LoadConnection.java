package io.hioload.bench.load;

import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import io.hioload.websocket.Session;
import io.hioload.websocket.WebSocketHandler;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;

/**
 * One connection under load. Its reactor's thread only, except the constructor. Allocates nothing for a message.
 *
 * <p>Messages are numbered from 0 in the order in which they are sent, and echoes come back in that order. <em>Allowed</em> are
 * those that may be sent by now; they are sent at once unless the connection has too much unsent.
 */
final class LoadConnection implements WebSocketHandler {

    private final int index;
    private final LoadOptions options;
    private final Payloads payloads;
    /** Of the calling thread. */
    private final Supplier<LoadLoop> loops;
    /** Null for echoes. */
    private final Broadcast broadcast;
    private final int cycleOffset;
    /** Closed loop: when the messages in flight were allowed, a ring. */
    private final long[] allowedNs;
    private LoadLoop loop;
    private Session session;
    private int echoSlot;
    private long allowed;
    private long sent;
    private long echoed;
    private boolean writable = true;

    LoadConnection(int index, LoadOptions options, Payloads payloads, Broadcast broadcast, Supplier<LoadLoop> loops) {
        this.index = index;
        this.options = options;
        this.payloads = payloads;
        this.broadcast = broadcast;
        this.loops = loops;
        // Neighbours shall not send the same payload at the same time.
        this.cycleOffset = broadcast == null ? index * 7 : 0;
        this.allowedNs = new long[options.idle() || options.isOpenLoop() ? 0 : options.pipeline()];
    }

    int index() {
        return index;
    }

    /** Messages that were to be sent by now and have not come back. */
    long outstanding(LoadSchedule schedule, long nowNs) {
        return (schedule.isOpenLoop() ? schedule.dueBefore(nowNs, index) : sender().allowed) - echoed;
    }

    boolean isOpen() {
        return session.isOpen();
    }

    @Override
    public void onOpen(Session opened) {
        session = opened;
        loop = loops.get();
        loop.add(this);
    }

    /** Whose messages come back to this connection. */
    private LoadConnection sender() {
        return broadcast == null || broadcast.publisher() == null ? this : broadcast.publisher();
    }

    /** Closed loop: fills the pipeline. */
    void fill(long nowNs) {
        if (broadcast != null && !broadcast.isPublisher(this)) {
            return;
        }
        for (int i = 0; i < allowedNs.length; i++) {
            allowedNs[i] = nowNs;
        }
        allowed = allowedNs.length;
        send();
    }

    /** Open loop: one more is due. */
    void due() {
        allowed++;
        send();
    }

    private void send() {
        while (sent != allowed && writable) {
            SendStatus status = session.send(options.type(), payloads.memory(), payloads.offset(cycleOffset + sent), payloads.sizeBytes());
            switch (status) {
                case ACCEPTED -> sent++;
                case BACKPRESSURE -> {
                    sent++;
                    writable = false;
                }
                default -> writable = false; // onWritable or onClose follows
            }
        }
    }

    @Override
    public void onWritable(Session from) {
        writable = true;
        send();
    }

    @Override
    public void onMessage(Session from, MessageType type, DirectBuffer buffer, int offset, int length) {
        long nowNs = loop.echoTimeNs(this);
        LoadConnection sender = sender();
        if (echoed == sender.sent) {
            loop.faults().unasked++;
            return;
        }
        long number = echoed++;
        if (length != payloads.sizeBytes() || type != options.type()) {
            loop.faults().wrongLength++;
        } else if (!payloads.matches(cycleOffset + number, buffer, offset)) {
            loop.faults().wrongContent++;
        }
        LoadSchedule schedule = loop.schedule();
        if (schedule.isOpenLoop()) {
            long dueNs = schedule.dueNs(number, index);
            loop.echoed(nowNs - dueNs, schedule.isMeasured(dueNs));
        } else if (broadcast == null) {
            loop.echoed(nowNs - allowedNs[echoSlot], schedule.isMeasured(nowNs));
            next(schedule, nowNs);
        } else {
            loop.echoed(nowNs - sender.allowedNs[(int) (number % allowedNs.length)], schedule.isMeasured(nowNs));
            if (broadcast.delivered(number)) {
                sender.next(schedule, nowNs);
            }
        }
    }

    private void next(LoadSchedule schedule, long nowNs) {
        if (schedule.isOver(nowNs)) {
            return;
        }
        allowedNs[echoSlot] = nowNs;
        echoSlot = echoSlot + 1 == allowedNs.length ? 0 : echoSlot + 1;
        allowed++;
        send();
    }

    @Override
    public void onClose(Session from, int code, String reason) {
        loop.closed(this, code, reason);
    }
}
