package io.hioload.examples.chat;

import java.util.Arrays;

/**
 * The members of a room at one moment. Immutable, so that a broadcast on one reactor walks the array while members come and
 * go on others.
 *
 * @param members in the order in which they came; never changed
 * @param joined  how many ever joined since the room was made; tells people of one name apart
 */
record Room(Member[] members, long joined) {

    static final Room EMPTY = new Room(new Member[0], 0);

    /** Names the member, telling it apart from others of the same name, and takes it in. Costs a copy of the array. */
    Room with(Member member) {
        long number = joined + 1;
        String nick = member.nick();
        for (long suffix = number; has(member.nick()); suffix++) {
            member.rename(nick + "-" + suffix);
        }
        Member[] more = Arrays.copyOf(members, members.length + 1);
        more[members.length] = member;
        return new Room(more, number);
    }

    /** Leaves a member out. Costs a copy of the array. */
    Room without(Member member) {
        return new Room(Arrays.stream(members).filter(other -> other != member).toArray(Member[]::new), joined);
    }

    int size() {
        return members.length;
    }

    private boolean has(String nick) {
        for (Member member : members) {
            if (member.nick().equals(nick)) {
                return true;
            }
        }
        return false;
    }
}
