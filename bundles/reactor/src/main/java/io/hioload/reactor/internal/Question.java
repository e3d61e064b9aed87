package io.hioload.reactor.internal;

import java.net.BindException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Something that a reactor is asked to do, once, and what came of it. Any thread may ask; nothing blocks.
 *
 * <p>A full queue is tried again every millisecond, until the reactor stops: what is asked here are a few calls of the
 * control plane, which must not be lost because the data plane is busy. Who asked may call it off, and then either it was
 * already begun, or it is never done, however late the reactor comes to it.
 *
 * @param <T> the answer
 */
final class Question<T> implements Runnable {

    private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS);

    private final EventLoop loop;
    private final Supplier<T> what;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private final AtomicBoolean begun = new AtomicBoolean();

    private Question(EventLoop loop, Supplier<T> what) {
        this.loop = loop;
        this.what = what;
    }

    /**
     * Asks.
     *
     * @param loop that is to do it
     * @param off  calls it off when it completes; null if nothing does
     * @param what to do
     * @return the answer; exceptionally a {@link RejectedExecutionException} when the reactor is stopping, a
     *         {@link BindException} when it was called off
     */
    static <T> CompletableFuture<T> ask(EventLoop loop, CompletableFuture<Void> off, Supplier<T> what) {
        Question<T> question = new Question<>(loop, what);
        if (off != null) {
            off.thenRun(question::callOff);
        }
        question.enqueue();
        return question.answer;
    }

    private void enqueue() {
        try {
            loop.execute(this);
        } catch (RejectedExecutionException e) {
            if (loop.tasks().isStopping()) {
                answer.completeExceptionally(e);
            } else if (!begun.get()) {
                LATER.execute(this::enqueue);
            }
        }
    }

    private void callOff() {
        if (begun.compareAndSet(false, true)) {
            answer.completeExceptionally(new BindException("reactor " + loop.index() + " has not got to it in time, or it was called off"));
        }
    }

    @Override
    public void run() {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        try {
            answer.complete(what.get());
        } catch (Throwable t) {
            answer.completeExceptionally(t);
        }
    }
}
