package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.hioload.buffer.Buffer;
import io.hioload.reactor.Connection;
import io.hioload.reactor.StagedHandler;
import io.hioload.testkit.reactor.FakeConnection;
import io.hioload.testkit.reactor.FakeReactor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stages between connections and handlers need of a reactor. */
class StageTest {

    /** Shows another connection above its own, once there is one. */
    private static final class Stage implements StagedHandler {
        private volatile Connection raw;
        private volatile Connection above;

        @Override
        public Connection top() {
            return above;
        }

        @Override
        public void onOpen(Connection connection) {
            raw = connection;
        }

        @Override
        public void onReceive(Connection connection, Buffer buffer, int offset, int length) {
            throw new IllegalStateException("nothing is sent");
        }

        @Override
        public void onClosed(Connection connection, int reason) {
            raw = null;
        }
    }

    @Test
    void shouldShowTheConnectionAboveAStageWhenThereIsOne() throws Exception {
        Stage stage = new Stage();
        try (Rig rig = Rig.open()) {
            rig.network.connect(rig.listen(connection -> stage).localAddress());
            rig.await(() -> stage.raw != null);
            List<Connection> shown = new ArrayList<>();
            Rig.on(rig.reactor(), () -> {
                rig.reactor().forEachConnection(shown::add);
                return null;
            });
            assertSame(stage.raw, shown.getFirst());
            Connection above = new FakeReactor().accept(stage);
            stage.above = above;
            shown.clear();
            Rig.on(rig.reactor(), () -> {
                rig.reactor().forEachConnection(shown::add);
                return null;
            });
            assertEquals(List.of(above), shown);
            ((FakeConnection) above).disappear(0);
        }
    }

    @Test
    void shouldRunTasksAtTheEndOfTheTurnAndThoseFromWithinAtTheEndOfTheNext() throws Exception {
        List<String> order = new ArrayList<>();
        try (Rig rig = Rig.open()) {
            long turns = Rig.on(rig.reactor(), () -> {
                rig.reactor().atTurnEnd(() -> {
                    order.add("end " + rig.count("turns"));
                    rig.reactor().atTurnEnd(() -> order.add("next " + rig.count("turns")));
                });
                rig.reactor().atTurnEnd(() -> {
                    throw new IllegalStateException("one that fails harms no other");
                });
                order.add("task");
                return rig.count("turns");
            });
            rig.await(() -> order.size() == 3);
            assertEquals(List.of("task", "end " + turns, "next " + (turns + 1)), order);
        }
    }
}
