package io.hioload.examples.chat;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.agrona.DirectBuffer;

/**
 * All rooms by name. A room exists while somebody is in it.
 *
 * <p>Threads: any; members of one room live on different reactors. Joining and leaving lock the room's place in the map for
 * the length of one array copy; broadcasting locks nothing.
 *
 * <p>Memory: bounded by {@link #MAX_ROOMS} and {@link #MAX_MEMBERS}.
 */
final class Rooms {

    /** More rooms than this are not opened; about, since reactors join at once. */
    static final int MAX_ROOMS = 10_000;

    /** More members than this do not get into one room. */
    static final int MAX_MEMBERS = 1_000;

    private final ConcurrentHashMap<String, Room> byName = new ConcurrentHashMap<>();
    private final LongAdder messages = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    /** Takes a member in and gives it its final nick. False if the room, or the number of rooms, is at its limit. */
    boolean join(Member member) {
        if (byName.size() >= MAX_ROOMS && !byName.containsKey(member.room())) {
            return false;
        }
        byName.compute(member.room(), (name, room) -> {
            Room now = room == null ? Room.EMPTY : room;
            if (now.size() >= MAX_MEMBERS) {
                return now;
            }
            member.joined();
            return now.with(member);
        });
        return member.isJoined();
    }

    /** Lets a member out, once; false if it was not in. */
    boolean leave(Member member) {
        if (!member.left()) {
            return false;
        }
        byName.computeIfPresent(member.room(), (name, room) -> room.size() == 1 ? null : room.without(member));
        return true;
    }

    /** Sends one line to everybody in a room, the sender included. Who is too slow misses it, which is counted. */
    void broadcast(String name, DirectBuffer line, int length) {
        Room room = byName.get(name);
        if (room == null) {
            return;
        }
        messages.increment();
        final Member[] members = room.members();
        for (int i = 0; i < members.length; i++) {
            if (!members[i].deliver(line, length)) {
                dropped.increment();
            }
        }
    }

    int size(String name) {
        Room room = byName.get(name);
        return room == null ? 0 : room.size();
    }

    int rooms() {
        return byName.size();
    }

    int members() {
        return byName.values().stream().mapToInt(Room::size).sum();
    }

    long messages() {
        return messages.sum();
    }

    long dropped() {
        return dropped.sum();
    }
}
