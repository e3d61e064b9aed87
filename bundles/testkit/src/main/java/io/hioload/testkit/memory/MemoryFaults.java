package io.hioload.testkit.memory;

import io.hioload.transport.Status;

/**
 * The script of what goes wrong, or goes small and late, in one network. Any thread may change it at any time; it
 * concerns what happens afterwards. Without a call here nothing goes wrong.
 */
public final class MemoryFaults {

    private volatile int sendStepBytes = Integer.MAX_VALUE;
    private volatile int receiveStepBytes = Integer.MAX_VALUE;
    private volatile boolean sendsComplete = true;
    private volatile boolean detachesComplete = true;
    private volatile int inFlight;
    private final Countdown open = new Countdown();
    private final Countdown listen = new Countdown();
    private final Countdown connect = new Countdown();
    private final Countdown send = new Countdown();
    private final Countdown adopt = new Countdown();

    /** Fails one call after a number of good ones. Guarded by itself. */
    private static final class Countdown {
        private int good;
        private int failures;
        private int status = Status.OK;

        synchronized void set(int goodCalls, int failure) {
            set(goodCalls, 1, failure);
        }

        synchronized void set(int goodCalls, int times, int failure) {
            good = goodCalls;
            failures = times;
            status = failure;
        }

        synchronized int next() {
            if (status == Status.OK || good-- > 0) {
                return Status.OK;
            }
            int failure = status;
            if (--failures <= 0) {
                status = Status.OK;
            }
            return failure;
        }
    }

    MemoryFaults() {
    }

    /**
     * Makes sends short: the system takes no more than this from one buffer at a time, the rest at later polls.
     *
     * @param bytes from 1
     */
    public void sendStepBytes(int bytes) {
        sendStepBytes = bytes;
    }

    /**
     * Cuts what is received into pieces.
     *
     * @param bytes most bytes of one receive, from 1
     */
    public void receiveStepBytes(int bytes) {
        receiveStepBytes = bytes;
    }

    /**
     * Whether a send can be over within the call, as with epoll, or only in a later poll, as with io_uring.
     *
     * @param atOnce true at first
     */
    public void sendsCompleteAtOnce(boolean atOnce) {
        sendsComplete = atOnce;
    }

    /**
     * Whether a detach is over within the call, or only in a later poll and after what had already arrived.
     *
     * @param atOnce true at first
     */
    public void detachesCompleteAtOnce(boolean atOnce) {
        detachesComplete = atOnce;
    }

    /**
     * Makes every loop pretend that a device may still touch memory.
     *
     * @param operations what {@code inFlight} answers on top of the truth
     */
    public void inFlight(int operations) {
        inFlight = operations;
    }

    /**
     * Fails one opening of a loop.
     *
     * @param good   how many succeed before
     * @param status the reason, negative
     */
    public void failOpen(int good, int status) {
        open.set(good, status);
    }

    /**
     * Fails one listen.
     *
     * @param good   how many succeed before
     * @param status the answer, negative
     */
    public void failListen(int good, int status) {
        listen.set(good, status);
    }

    /**
     * Fails one connect, by an event.
     *
     * @param good   how many succeed before
     * @param status what the event tells, negative
     */
    public void failConnect(int good, int status) {
        connect.set(good, status);
    }

    /**
     * Fails one send, by its result.
     *
     * @param good   how many succeed before
     * @param status the answer, negative
     */
    public void failSend(int good, int status) {
        send.set(good, status);
    }

    /**
     * Fails one adoption of a connection.
     *
     * @param good   how many succeed before
     * @param status the answer, negative
     */
    public void failAdopt(int good, int status) {
        adopt.set(good, status);
    }

    /**
     * Fails the next adoptions of connections.
     *
     * @param times  how many, from 1
     * @param status the answer, negative
     */
    public void failAdopts(int times, int status) {
        adopt.set(0, times, status);
    }

    int sendStepBytes() {
        return sendStepBytes;
    }

    int receiveStepBytes() {
        return receiveStepBytes;
    }

    boolean sendsComplete() {
        return sendsComplete;
    }

    boolean detachesComplete() {
        return detachesComplete;
    }

    int inFlight() {
        return inFlight;
    }

    int nextOpen() {
        return open.next();
    }

    int nextListen() {
        return listen.next();
    }

    int nextConnect() {
        return connect.next();
    }

    int nextSend() {
        return send.next();
    }

    int nextAdopt() {
        return adopt.next();
    }
}
