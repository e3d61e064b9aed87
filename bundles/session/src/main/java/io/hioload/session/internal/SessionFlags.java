package io.hioload.session.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What several threads know of a session: where it is in its life, and the bytes that are on their way to it. Every change is
 * one atomic read-modify-write, every look a volatile read, which costs nothing on the reactor's thread.
 */
abstract class SessionFlags {

    /** Our close frame is sent. */
    static final int CLOSE_SENT = 1;
    /** Another thread has asked for closing. */
    static final int CLOSE_ASKED = 1 << 1;
    /** Nothing more is decoded. */
    static final int INPUT_OVER = 1 << 2;
    /** onClose was called. */
    static final int ENDED = 1 << 3;
    /** A send was answered with BACKPRESSURE or DROPPED, and onWritable has not been called since. */
    static final int WRITABLE_OWED = 1 << 4;
    /** A look after onWritable is waiting to be run. */
    static final int DEFERRED = 1 << 5;
    /** The close handshake is cut short: the session ends with our code when the connection does. */
    static final int CUT_SHORT = 1 << 6;
    /** Its handler has turned receiving off. */
    static final int PAUSED = 1 << 7;
    /** It moves to another reactor: what other threads give it is kept in its {@link Transit}. */
    static final int IN_TRANSIT = 1 << 8;
    /** It has agreed on an extension with its peer: messages may be encoded. */
    static final int EXTENDED = 1 << 9;
    /** A message is being sent in pieces: others wait behind it, see {@link PieceSender}. */
    static final int STREAMING = 1 << 16;
    /** Nothing is to be sent or delivered. */
    static final int NOT_OPEN = CLOSE_SENT | CLOSE_ASKED | INPUT_OVER | ENDED;
    /** What other threads sent before they asked for closing may still go out. */
    static final int NOT_SENDING = CLOSE_SENT | INPUT_OVER | ENDED;

    private static final VarHandle FLAGS;
    private static final VarHandle PENDING;
    /** One thing that was given to the session and has not come to its reactor. */
    private static final long ONE_PENDING = 1L << 32;
    private static final long PENDING_BYTES = ONE_PENDING - 1;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            FLAGS = lookup.findVarHandle(SessionFlags.class, "flags", int.class);
            PENDING = lookup.findVarHandle(SessionFlags.class, "pending", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    volatile int flags;
    /** What other threads gave and is on its way to the reactor: how much of it, above its encoded bytes. */
    private volatile long pending;

    /** Sets flags; gives back what they were before. */
    final int mark(int bits) {
        return (int) FLAGS.getAndBitwiseOr(this, bits);
    }

    final void unmark(int bits) {
        FLAGS.getAndBitwiseAnd(this, ~bits);
    }

    /** Promises onWritable. */
    final void oweWritable() {
        if ((flags & WRITABLE_OWED) == 0) {
            mark(WRITABLE_OWED);
        }
    }

    /** Whether onWritable is promised. */
    final boolean isWritableOwed() {
        return (flags & WRITABLE_OWED) != 0;
    }

    /** Counts bytes that are about to be handed over; false if others are before them and the limit would be passed. */
    final boolean reserve(int bytes, int unsentBytes, int maxBytes) {
        long before = ((long) PENDING.getAndAdd(this, ONE_PENDING + bytes) & PENDING_BYTES) + unsentBytes;
        if (before > 0 && before + bytes > maxBytes) {
            unreserve(bytes);
            return false;
        }
        return true;
    }

    /** Counts a task that is about to be handed over. */
    final void reserveTask() {
        PENDING.getAndAdd(this, ONE_PENDING);
    }

    final int pendingBytes() {
        return (int) (pending & PENDING_BYTES);
    }

    final int pendingCount() {
        return (int) (pending >>> 32);
    }

    /** It has come, or is given up; a task has no bytes. */
    final void unreserve(int bytes) {
        PENDING.getAndAdd(this, -(ONE_PENDING + bytes));
    }
}
