package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.reactor.IdlePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A wake-up that is lost would leave the reactor asleep for ever: there is no timer here that would end its sleep. */
class WakeupTest {

    private static final int ROUNDS = 20_000;

    private static void race(IdlePolicy idle) throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.idle = idle;
        try (Rig rig = setup.open()) {
            AtomicInteger ran = new AtomicInteger();
            List<CompletableFuture<Void>> producers = new ArrayList<>();
            for (int p = 0; p < 3; p++) {
                producers.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        // Each waits for its task, so the reactor goes to sleep again and again while others offer.
                        CompletableFuture<Void> done = new CompletableFuture<>();
                        rig.reactor().execute(() -> {
                            ran.incrementAndGet();
                            done.complete(null);
                        });
                        done.orTimeout(10, TimeUnit.SECONDS).join();
                    }
                }, task -> Thread.ofPlatform().start(task)));
            }
            CompletableFuture.allOf(producers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            assertEquals(3 * ROUNDS, ran.get());
        }
    }

    @Test
    void shouldNotLoseAWakeupWhenItBlocksAtOnce() throws Exception {
        race(IdlePolicy.BALANCED);
    }

    @Test
    void shouldNotLoseAWakeupWhenItSpinsBefore() throws Exception {
        race(new IdlePolicy(2_000, 2_000, 0));
    }

    @Test
    void shouldRunTasksWhenTheTransportCannotBlock() throws Exception {
        Rig.Setup setup = new Rig.Setup();
        setup.capabilities = 0;
        try (Rig rig = setup.open()) {
            assertEquals(7, Rig.on(rig.reactor(), () -> 7));
        }
    }
}
