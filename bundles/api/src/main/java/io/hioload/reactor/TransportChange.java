package io.hioload.reactor;

/**
 * What a change of transport did, over all reactors.
 *
 * @param from           name of the transport before, empty if there was none
 * @param to             name of the transport now, empty if there is none
 * @param moved          connections that went over and did not notice
 * @param finished       connections that stayed and came to their end by themselves or by their peers
 * @param closed         connections that were asked to end, and did
 * @param aborted        connections that were reset when the time was over
 * @param lost           connections that neither transport would have any more, out of descriptors or memory; ended with
 *                       NO_RESOURCES
 * @param listeners      listening sockets that went over with their accept queues
 * @param rebound        listening sockets that were closed and opened again at the same address, because their handles could
 *                       not go over
 * @param switchNs       from the beginning until the last reactor served on the new transport and had moved what could move
 * @param durationNs     from the beginning until the last old loop was closed
 * @param longestPauseNs the longest time for which a connection that moved was on neither transport
 */
public record TransportChange(String from, String to, int moved, int finished, int closed, int aborted, int lost, int listeners,
        int rebound, long switchNs, long durationNs, long longestPauseNs) {
}
