package io.hioload.protocol.internal;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.protocol.FrameDecoder;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.FrameListener;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.PartialMessage;
import io.hioload.protocol.Role;
import io.hioload.websocket.CloseCode;
import java.nio.ByteBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The decoder of RFC 6455, section 5. One per reactor and role, the reactor's thread only. Holds no connection's state:
 * an {@link UnfinishedMessage} is with the connection while something of it has not wholly arrived, else nothing is.
 *
 * <p>Messages that lie whole in the input are unmasked and delivered in place. Others are copied once, and unmasked on the
 * way, into a buffer that grows with what has arrived, never with what a header announces. After a call to the listener
 * nothing of the connection's is touched until it was asked for anew, so the listener may discard it.
 */
final class Rfc6455Decoder implements FrameDecoder {

    /** The first assembly buffer, unless more arrived or the message is smaller. */
    private static final int FIRST_ASSEMBLY_BYTES = 512;
    /** What is kept for reuse; with more unfinished messages than these at once, the rest is left to the collector. */
    private static final int MAX_FREE = 1_024;

    private final boolean masked;
    private final int maxMessageBytes;
    private final int maxFrameBytes;
    private final int maxFragments;
    private final BufferPool buffers;
    private final FrameHeader header;
    /** Where a header that arrived in pieces is put together to be read. */
    private final UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(FrameHeader.MAX_BYTES));

    private UnfinishedMessage free;
    private int freeCount;

    Rfc6455Decoder(Role role, FrameLimits limits, BufferPool buffers) {
        this.masked = role == Role.SERVER;
        this.maxMessageBytes = Math.min(limits.maxMessageBytes(), buffers.maxCapacity());
        this.maxFrameBytes = Math.min(limits.maxFrameBytes(), maxMessageBytes);
        this.maxFragments = limits.maxFragments();
        this.buffers = buffers;
        this.header = new FrameHeader(role, limits, maxMessageBytes);
    }

    @Override
    public int decode(FrameListener listener, Buffer buffer, int offset, int length) {
        if ((offset | length | buffer.capacity() - offset - length) < 0) {
            throw new IndexOutOfBoundsException("offset " + offset + ", length " + length + " in " + buffer);
        }
        int end = offset + length;
        int at = offset;
        UnfinishedMessage unfinished = (UnfinishedMessage) listener.partial();
        while (at < end) {
            if (unfinished == null) {
                int small = masked ? FrameHeader.smallMessage(buffer.address() + at, end - at) : FrameHeader.NOT_SMALL;
                if (small >= 0 && small <= maxFrameBytes) {
                    int payload = at + FrameHeader.SMALL_MASKED_BYTES;
                    at = payload + small;
                    if (!deliverSmall(listener, buffer, payload, small)) {
                        break;
                    }
                    continue;
                }
                int headerBytes = header.read(buffer.address() + at, end - at, false, listener);
                if (headerBytes > 0 && header.fin && header.length <= end - at - headerBytes) {
                    int payload = at + headerBytes;
                    at = payload + header.length;
                    if (!deliverInPlace(listener, buffer, payload)) {
                        break;
                    }
                    continue;
                }
                if (headerBytes == FrameHeader.BAD) {
                    return fail(listener, at, header.code, header.reason) - offset;
                }
                unfinished = acquire();
                listener.partial(unfinished);
            }
            at = advance(listener, unfinished, buffer, at, end);
            if (at < 0) {
                return ~at - offset;
            }
            unfinished = (UnfinishedMessage) listener.partial();
        }
        return at - offset;
    }

    /** Takes the next bytes of what is unfinished. Returns the offset behind them, complemented if decoding is to stop. */
    private int advance(FrameListener listener, UnfinishedMessage unfinished, Buffer buffer, int from, int end) {
        int at = from;
        if (unfinished.frame < 0) {
            int headerBytes = readHeader(listener, unfinished, buffer.address() + at, end - at);
            if (headerBytes == FrameHeader.NEED_MORE) {
                return end;
            }
            if (headerBytes == FrameHeader.BAD) {
                return ~fail(listener, at, header.code, header.reason);
            }
            at += headerBytes;
            if (header.opcode >= Opcode.CLOSE || header.fin && !unfinished.inMessage()) {
                if (header.length <= end - at) {
                    return deliverBehindHeader(listener, unfinished, buffer, at);
                }
            }
            if (!begin(listener, unfinished)) {
                return ~at;
            }
        }
        return unfinished.frame >= Opcode.CLOSE ? addControl(listener, unfinished, buffer, at, end)
                : addData(listener, unfinished, buffer, at, end);
    }

    /** Reads a header of which a part may have arrived before. Returns how many bytes of the input belong to it. */
    private int readHeader(FrameListener listener, UnfinishedMessage unfinished, long address, int available) {
        int before = unfinished.headerLength();
        if (before == 0) {
            int size = header.read(address, available, unfinished.inMessage(), listener);
            if (size == FrameHeader.NEED_MORE) {
                unfinished.addHeader(address, available);
            }
            return size;
        }
        int more = Math.min(FrameHeader.MAX_BYTES - before, available);
        unfinished.addHeader(address, more);
        int after = unfinished.headerLength();
        unfinished.takeHeader(scratch.addressOffset());
        int size = header.read(scratch.addressOffset(), after, unfinished.inMessage(), listener);
        if (size == FrameHeader.NEED_MORE) {
            unfinished.addHeader(scratch.addressOffset(), after);
        }
        return size > 0 ? size - before : size;
    }

    /** A whole frame in the input, of which at most the header arrived before. */
    private int deliverBehindHeader(FrameListener listener, UnfinishedMessage unfinished, Buffer buffer, int payload) {
        int at = payload + header.length;
        if (!unfinished.inMessage()) {
            drop(listener, unfinished);
        }
        return deliverInPlace(listener, buffer, payload) ? at : ~at;
    }

    /** Opens the frame that was just read. False after a violation. */
    private boolean begin(FrameListener listener, UnfinishedMessage unfinished) {
        if (header.opcode < Opcode.CLOSE) {
            if ((long) unfinished.assembled + header.length > maxMessageBytes) {
                fail(listener, 0, CloseCode.TOO_BIG, "message too big");
                return false;
            }
            if (++unfinished.fragments > maxFragments) {
                fail(listener, 0, CloseCode.POLICY_VIOLATION, "too many fragments");
                return false;
            }
            if (header.opcode != Opcode.CONTINUATION) {
                unfinished.message = header.opcode;
                unfinished.extended = header.extended;
            }
        }
        unfinished.frame = header.opcode;
        unfinished.fin = header.fin;
        unfinished.remaining = header.length;
        unfinished.key = header.key;
        return true;
    }

    private int addControl(FrameListener listener, UnfinishedMessage unfinished, Buffer buffer, int at, int end) {
        int length = Math.min(unfinished.remaining, end - at);
        if (unfinished.control == null) {
            unfinished.control = buffers.acquire(Math.min(FrameHeader.MAX_CONTROL_BYTES, buffers.maxCapacity()));
            if (unfinished.control == null) {
                return ~fail(listener, at, CloseCode.INTERNAL_ERROR, "out of buffers");
            }
        }
        Masking.copyUnmasked(buffer.address() + at, unfinished.control.address() + unfinished.controlled, length, unfinished.key);
        unfinished.controlled += length;
        unfinished.remaining -= length;
        unfinished.key = Masking.rotate(unfinished.key, length);
        if (unfinished.remaining > 0) {
            return end;
        }
        int opcode = unfinished.frame;
        Buffer control = unfinished.control;
        int controlled = unfinished.controlled;
        unfinished.frame = -1;
        unfinished.control = null;
        unfinished.controlled = 0;
        if (!unfinished.inMessage()) {
            drop(listener, unfinished);
        }
        try {
            return deliverControl(listener, opcode, control, 0, controlled) ? at + length : ~(at + length);
        } finally {
            control.release();
        }
    }

    private int addData(FrameListener listener, UnfinishedMessage unfinished, Buffer buffer, int at, int end) {
        int length = Math.min(unfinished.remaining, end - at);
        if (length > 0) {
            if (!makeRoom(unfinished, length)) {
                return ~fail(listener, at, CloseCode.INTERNAL_ERROR, "out of buffers");
            }
            long target = unfinished.assembly.address() + unfinished.assembled;
            long any = Masking.copyUnmasked(buffer.address() + at, target, length, unfinished.key);
            if (unfinished.message == Opcode.TEXT && ((any & Masking.NON_ASCII) != 0 || unfinished.utf8 != Utf8Validator.ACCEPT)
                    && !unfinished.extended) {
                unfinished.utf8 = Utf8Validator.check(target, length, unfinished.utf8);
                if (unfinished.utf8 == Utf8Validator.REJECT) {
                    return ~fail(listener, at, CloseCode.INVALID_PAYLOAD, "text is not UTF-8");
                }
            }
            unfinished.assembled += length;
            unfinished.remaining -= length;
            unfinished.key = Masking.rotate(unfinished.key, length);
        }
        if (unfinished.remaining > 0) {
            return end;
        }
        unfinished.frame = -1;
        return unfinished.fin ? deliverAssembled(listener, unfinished, buffer, at + length) : at + length;
    }

    /** Sees to it that so many bytes fit: at least doubles, but never beyond what the message can still become. */
    private boolean makeRoom(UnfinishedMessage unfinished, int length) {
        Buffer old = unfinished.assembly;
        int needed = unfinished.assembled + length;
        if (old != null && old.capacity() >= needed) {
            return true;
        }
        int most = unfinished.fin ? unfinished.assembled + unfinished.remaining : maxMessageBytes;
        int wanted = (int) Math.min(Math.max(2L * needed, FIRST_ASSEMBLY_BYTES), most);
        Buffer grown = buffers.acquire(wanted);
        if (grown == null && wanted > needed) {
            grown = buffers.acquire(needed);
        }
        if (grown == null) {
            return false;
        }
        if (old != null) {
            UnsafeApi.copyMemory(old.address(), grown.address(), unfinished.assembled);
            old.release();
        }
        unfinished.assembly = grown;
        return true;
    }

    private int deliverAssembled(FrameListener listener, UnfinishedMessage unfinished, Buffer buffer, int at) {
        if (unfinished.utf8 != Utf8Validator.ACCEPT) {
            return ~fail(listener, at, CloseCode.INVALID_PAYLOAD, "text is not UTF-8");
        }
        int opcode = unfinished.message;
        boolean extended = unfinished.extended;
        Buffer assembly = unfinished.assembly;
        int length = unfinished.assembled;
        unfinished.clearMessage();
        drop(listener, unfinished);
        if (assembly == null) {
            return handOver(listener, extended, opcode, buffer, at, 0) ? at : ~at;
        }
        try {
            return handOver(listener, extended, opcode, assembly, 0, length) ? at : ~at;
        } finally {
            assembly.release();
        }
    }

    private static boolean handOver(FrameListener listener, boolean extended, int opcode, Buffer buffer, int offset, int length) {
        return extended ? listener.onExtendedMessage(opcode, buffer, offset, length) : listener.onMessage(opcode, buffer, offset, length);
    }

    @Override
    public boolean deliver(FrameListener listener, int opcode, Buffer buffer, int offset, int length) {
        if (opcode == Opcode.TEXT && !Utf8Validator.isValid(buffer.address() + offset, length)) {
            fail(listener, 0, CloseCode.INVALID_PAYLOAD, "text is not UTF-8");
            return false;
        }
        return listener.onMessage(opcode, buffer, offset, length);
    }

    /** Delivers a masked message of at most 125 bytes whose frame lies whole in the input. False if decoding is to stop. */
    private boolean deliverSmall(FrameListener listener, Buffer buffer, int payload, int length) {
        long address = buffer.address() + payload;
        int opcode = FrameHeader.opcode(address - FrameHeader.SMALL_MASKED_BYTES);
        long any = Masking.unmask(address, length, FrameHeader.key(address));
        if (opcode == Opcode.TEXT && (any & Masking.NON_ASCII) != 0 && !Utf8Validator.isValid(address, length)) {
            fail(listener, 0, CloseCode.INVALID_PAYLOAD, "text is not UTF-8");
            return false;
        }
        return listener.onMessage(opcode, buffer, payload, length);
    }

    /** Delivers the frame that was just read and whose payload is in the input. False if decoding is to stop. */
    private boolean deliverInPlace(FrameListener listener, Buffer buffer, int payload) {
        int opcode = header.opcode;
        int length = header.length;
        long address = buffer.address() + payload;
        long any = masked ? Masking.unmask(address, length, header.key) : Masking.NON_ASCII;
        if (opcode >= Opcode.CLOSE) {
            return deliverControl(listener, opcode, buffer, payload, length);
        }
        if (header.extended) {
            return listener.onExtendedMessage(opcode, buffer, payload, length);
        }
        if (opcode == Opcode.TEXT && (any & Masking.NON_ASCII) != 0 && !Utf8Validator.isValid(address, length)) {
            fail(listener, 0, CloseCode.INVALID_PAYLOAD, "text is not UTF-8");
            return false;
        }
        return listener.onMessage(opcode, buffer, payload, length);
    }

    private boolean deliverControl(FrameListener listener, int opcode, Buffer buffer, int payload, int length) {
        if (opcode != Opcode.CLOSE) {
            return listener.onControl(opcode, buffer, payload, length);
        }
        if (length == 0) {
            dropUnfinished(listener);
            listener.onClose(CloseCode.NO_STATUS, buffer, payload, 0);
            return false;
        }
        int code = length < 2 ? 0 : UnsafeApi.getShortUnaligned(null, buffer.address() + payload, true) & 0xFFFF;
        if (!CloseCode.isSendable(code)) {
            fail(listener, 0, CloseCode.PROTOCOL_ERROR, length < 2 ? "close frame of 1 byte" : "invalid close code");
        } else if (!Utf8Validator.isValid(buffer.address() + payload + 2, length - 2)) {
            fail(listener, 0, CloseCode.INVALID_PAYLOAD, "close reason is not UTF-8");
        } else {
            dropUnfinished(listener);
            listener.onClose(code, buffer, payload + 2, length - 2);
        }
        return false;
    }

    private int fail(FrameListener listener, int at, int code, String reason) {
        dropUnfinished(listener);
        listener.onViolation(code, reason);
        return at;
    }

    private void dropUnfinished(FrameListener listener) {
        UnfinishedMessage unfinished = (UnfinishedMessage) listener.partial();
        if (unfinished != null) {
            drop(listener, unfinished);
        }
    }

    private static void drop(FrameListener listener, UnfinishedMessage unfinished) {
        listener.partial(null);
        unfinished.discard();
    }

    private UnfinishedMessage acquire() {
        UnfinishedMessage unfinished = free;
        if (unfinished == null) {
            unfinished = new UnfinishedMessage(this);
        } else {
            free = unfinished.next;
            unfinished.next = null;
            freeCount--;
        }
        unfinished.open();
        return unfinished;
    }

    @Override
    public void takeOver(PartialMessage unfinished) {
        ((UnfinishedMessage) unfinished).owner(this);
    }

    void recycle(UnfinishedMessage unfinished) {
        if (freeCount < MAX_FREE) {
            freeCount++;
            unfinished.next = free;
            free = unfinished;
        }
    }
}
