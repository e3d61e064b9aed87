package io.hioload.reactor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class ConnectionTableTest {

    private final ConnectionTable table = new ConnectionTable();

    private ReactorConnection add() {
        ReactorConnection connection = new ReactorConnection(null, table.allot(), null, 0);
        table.put(connection);
        return connection;
    }

    @Test
    void shouldKeepSlotsDenseAndReuseTheLastFreedFirst() {
        ReactorConnection[] all = new ReactorConnection[1000];
        for (int i = 0; i < all.length; i++) {
            all[i] = add();
            assertEquals(i, (int) all[i].id());
        }
        table.remove(all[7]);
        table.remove(all[900]);
        assertEquals(900, (int) add().id());
        assertEquals(7, (int) add().id());
        assertEquals(1000, (int) add().id());
        assertEquals(1024, table.capacity());
    }

    @Test
    void shouldFindNothingByAnIdOfThePast() {
        ReactorConnection first = add();
        assertSame(first, table.find(first.id()));
        table.remove(first);
        assertNull(table.find(first.id()));
        ReactorConnection second = add();
        assertEquals((int) first.id(), (int) second.id());
        assertNull(table.find(first.id()));
        assertSame(second, table.find(second.id()));
        assertNull(table.find(-1));
        assertNull(table.find(1L << 32 | 1 << 20));
    }
}
