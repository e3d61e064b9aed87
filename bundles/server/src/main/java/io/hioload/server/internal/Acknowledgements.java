package io.hioload.server.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Who waits for all reactors to run on a snapshot. Any thread. Reactors only report; what depends on the stages runs in the
 * common pool.
 */
final class Acknowledgements {

    private record Waiting(long number, CompletableFuture<Void> stage) {
    }

    /** Guarded by this. */
    private final List<Waiting> waiting = new ArrayList<>();
    /** The number that all reactors have reached. */
    private long reached;
    private boolean stopped;

    synchronized CompletionStage<Void> when(long number) {
        CompletableFuture<Void> stage = new CompletableFuture<>();
        if (number <= reached) {
            stage.complete(null);
        } else if (stopped) {
            fail(stage);
        } else {
            waiting.add(new Waiting(number, stage));
        }
        return stage.minimalCompletionStage();
    }

    /** All reactors run on this number or a later one. */
    synchronized void reached(long number) {
        if (number > reached) {
            reached = number;
            waiting.removeIf(one -> {
                boolean done = one.number <= number;
                if (done) {
                    one.stage.completeAsync(() -> null);
                }
                return done;
            });
        }
    }

    synchronized void stop() {
        stopped = true;
        waiting.forEach(one -> fail(one.stage));
        waiting.clear();
    }

    private static void fail(CompletableFuture<Void> stage) {
        stage.completeExceptionally(new IllegalStateException("the server is stopped"));
    }
}
