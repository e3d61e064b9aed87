package io.hioload.reactor.internal;

import io.hioload.reactor.ChangePolicy;
import io.hioload.reactor.TransportChange;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportProvider;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/**
 * Changes the transport of all reactors of a group: all of them open the next loop, then, if all could, each changes to it by
 * itself. Any thread; nothing blocks, and no time is set: a handler that blocks its reactor makes the change take longer.
 */
final class GroupChanges {

    private final EventLoopGroup group;

    GroupChanges(EventLoopGroup group) {
        this.group = group;
    }

    /**
     * Changes the transport.
     *
     * @param next     null for a rest
     * @param policy   what becomes of connections
     * @param switched is completed when another change may begin
     * @return what it did, when the last old loop is closed
     */
    CompletableFuture<TransportChange> change(TransportProvider next, ChangePolicy policy, CompletableFuture<Void> switched) {
        EventLoop[] loops = group.everyLoop();
        String from = group.transport() == null ? "" : group.transport().name();
        String to = next == null ? "" : next.name();
        long beganNs = System.nanoTime();
        CompletableFuture<TransportChange> result = new CompletableFuture<>();
        ask(loops, loop -> prepare(loop, next)).whenComplete((opened, failure) -> {
            if (failure != null) {
                ask(loops, loop -> {
                    loop.transports().forget();
                    return loop;
                }).whenComplete((closed, ignored) -> {
                    result.completeExceptionally(cause(failure));
                    switched.complete(null);
                });
                return;
            }
            ask(loops, loop -> loop.transports().change(policy)).whenComplete((begun, stopped) -> {
                if (stopped != null) {
                    result.completeExceptionally(cause(stopped));
                    switched.complete(null);
                    return;
                }
                group.runsOn(next);
                LoopChange[] changes = Arrays.stream(begun).map(LoopChange.class::cast).toArray(LoopChange[]::new);
                finish(changes, from, to, beganNs, result, switched);
            });
        });
        return result;
    }

    private void finish(LoopChange[] changes, String from, String to, long beganNs, CompletableFuture<TransportChange> result,
            CompletableFuture<Void> switched) {
        CompletableFuture<Integer> rebound = group.listeners().follow(!to.isEmpty());
        CompletableFuture<?>[] moves = Arrays.stream(changes).map(LoopChange::switched).toArray(CompletableFuture[]::new);
        CompletableFuture<Long> switchNs = CompletableFuture.allOf(moves).thenApply(moved -> System.nanoTime() - beganNs);
        switchNs.runAfterBoth(rebound.exceptionally(failed -> 0), () -> switched.complete(null));
        CompletableFuture<?>[] ends = Arrays.stream(changes).map(LoopChange::done).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(ends).thenCombine(switchNs, (done, ns) -> ns)
                .whenComplete((ns, failure) -> rebound.whenComplete((count, unbound) -> {
                    if (unbound != null) {
                        result.completeExceptionally(cause(unbound));
                    } else {
                        result.complete(sum(changes, from, to, count, ns, System.nanoTime() - beganNs));
                    }
                }));
    }

    private static TransportChange sum(LoopChange[] changes, String from, String to, int rebound, long switchNs, long durationNs) {
        int moved = 0;
        int finished = 0;
        int closed = 0;
        int aborted = 0;
        int lost = 0;
        int listeners = 0;
        long longestPauseNs = 0;
        for (LoopChange change : changes) {
            moved += change.moved;
            finished += change.finished;
            closed += change.closed;
            aborted += change.aborted;
            lost += change.lost;
            listeners += change.listeners;
            longestPauseNs = Math.max(longestPauseNs, change.longestPauseNs);
        }
        return new TransportChange(from, to, moved, finished, closed, aborted, lost, listeners, rebound, switchNs, durationNs,
                longestPauseNs);
    }

    private static EventLoop prepare(EventLoop loop, TransportProvider next) {
        try {
            loop.transports().prepare(next);
            return loop;
        } catch (TransportException e) {
            throw new CompletionException(e);
        } catch (RuntimeException | Error e) {
            throw e instanceof IllegalStateException busy ? busy
                    : new CompletionException(new TransportException(next.name() + " loop could not be opened: " + e, e));
        }
    }

    /**
     * Asks all; completes when all have answered, exceptionally if one could not. A reactor that ends meanwhile is left out,
     * unless all do.
     */
    static CompletableFuture<Object[]> ask(EventLoop[] loops, Function<EventLoop, Object> what) {
        CompletableFuture<?>[] answers = Arrays.stream(loops).map(loop -> Question.ask(loop, null, () -> what.apply(loop))
                .exceptionallyCompose(failure -> loop.tasks().isStopping() && failure instanceof RejectedExecutionException
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(failure)))
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(answers).thenApply(all -> {
            Object[] given = Arrays.stream(answers).map(CompletableFuture::join).filter(Objects::nonNull).toArray();
            if (given.length == 0) {
                throw new RejectedExecutionException("no reactor answers");
            }
            return given;
        });
    }

    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof RejectedExecutionException ? new IllegalStateException("the group is closed", cause) : cause;
    }
}
