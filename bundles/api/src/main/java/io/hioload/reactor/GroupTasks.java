package io.hioload.reactor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** What servers and clients do to a whole group and wait for. Any thread but a reactor's: these calls block. */
public final class GroupTasks {

    private static final long RETRY_NS = 1_000_000;

    private GroupTasks() {
    }

    /**
     * Runs a task on every reactor and waits until all have run it.
     *
     * @param group     whose reactors
     * @param timeoutNs how long to wait at the most
     * @param task      is given the reactor whose thread it runs on
     * @throws TimeoutException     if a reactor did not get to it in time; it may still do so
     * @throws ExecutionException   if the task failed on a reactor; the others ran it all the same
     * @throws InterruptedException if the calling thread was interrupted; the tasks may still run
     */
    public static void onEach(ReactorGroup group, long timeoutNs, Consumer<Reactor> task)
            throws InterruptedException, ExecutionException, TimeoutException {
        long deadlineNs = System.nanoTime() + timeoutNs;
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (Reactor reactor : group.reactors()) {
            CompletableFuture<Void> future = new CompletableFuture<>();
            done.add(future);
            enqueue(reactor, () -> {
                try {
                    task.accept(reactor);
                    future.complete(null);
                } catch (RuntimeException | Error e) {
                    future.completeExceptionally(e);
                }
            }, deadlineNs);
        }
        CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /** A reactor's queue is bounded and may be full of sends at this moment. */
    private static void enqueue(Reactor reactor, Runnable task, long deadlineNs) throws InterruptedException, TimeoutException {
        while (true) {
            try {
                reactor.execute(task);
                return;
            } catch (RejectedExecutionException e) {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw new TimeoutException("reactor " + reactor.index() + ": " + e.getMessage());
                }
            }
            LockSupport.parkNanos(RETRY_NS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /**
     * Waits until a group has no connection left. Looks every few milliseconds: nobody else needs to be told of the last
     * connection's end, and at such a time the looks cost nothing.
     *
     * @param group     whose connections
     * @param timeoutNs how long to wait at the most
     * @return how many connections are left
     * @throws InterruptedException if the calling thread was interrupted
     */
    public static int awaitNoConnections(ReactorGroup group, long timeoutNs) throws InterruptedException {
        long deadlineNs = System.nanoTime() + timeoutNs;
        while (group.connections() > 0 && System.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(2 * RETRY_NS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return group.connections();
    }
}
