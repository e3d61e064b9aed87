package io.hioload.reactor.internal;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What changes a whole group happens one after another, in the order in which it was asked for. Any thread; nothing blocks. */
final class InTurn {

    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    /**
     * Begins something when its turn has come: at once, if nothing is before it.
     *
     * @param what is given what it has to complete, in any way, for the next one to begin
     */
    void run(Consumer<CompletableFuture<Void>> what) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        CompletableFuture<Void> before;
        synchronized (this) {
            before = last;
            last = over;
        }
        before.whenComplete((nothing, failure) -> {
            try {
                what.accept(over);
            } catch (Throwable t) {
                over.completeExceptionally(t);
                throw t;
            }
        });
    }
}
