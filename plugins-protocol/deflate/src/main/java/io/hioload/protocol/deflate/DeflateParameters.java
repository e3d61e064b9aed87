package io.hioload.protocol.deflate;

import io.hioload.protocol.ExtensionOffer;
import java.util.HashSet;
import java.util.Set;

/**
 * What two peers have agreed on (RFC 7692, section 7.1), as this side sees it. Immutable.
 *
 * @param ownTakeover  own messages may refer to those before
 * @param peerTakeover the peer's messages may
 * @param ownBits      window of own messages, 8 to 15
 * @param peerBits     window of the peer's messages, 8 to 15
 * @param answer       what the server sends
 */
record DeflateParameters(boolean ownTakeover, boolean peerTakeover, int ownBits, int peerBits, String answer) {

    static final String NAME = "permessage-deflate";

    private static final String SERVER_NO_TAKEOVER = "server_no_context_takeover";
    private static final String CLIENT_NO_TAKEOVER = "client_no_context_takeover";
    private static final String SERVER_BITS = "server_max_window_bits";
    private static final String CLIENT_BITS = "client_max_window_bits";
    private static final int MIN_BITS = 8;
    private static final int MAX_BITS = Decompressor.MAX_BITS;
    /** A parameter that is not there, and one that is there without a value. */
    private static final int ABSENT = -1;
    private static final int NO_VALUE = -2;

    /** The parameters of one element, checked one by one. */
    private record Given(boolean serverNoTakeover, boolean clientNoTakeover, int serverBits, int clientBits) {

        /** Returns null if a parameter is unknown, stands there twice, or has a value that it must not have. */
        static Given of(ExtensionOffer element) {
            Set<String> seen = new HashSet<>();
            int serverBits = ABSENT;
            int clientBits = ABSENT;
            for (ExtensionOffer.Parameter parameter : element.parameters()) {
                int bits = bits(parameter.value());
                boolean known = switch (parameter.name()) {
                    case SERVER_NO_TAKEOVER, CLIENT_NO_TAKEOVER -> bits == NO_VALUE;
                    case SERVER_BITS -> (serverBits = bits) > 0;
                    case CLIENT_BITS -> (clientBits = bits) > 0 || bits == NO_VALUE;
                    default -> false;
                };
                if (!known || !seen.add(parameter.name())) {
                    return null;
                }
            }
            return new Given(seen.contains(SERVER_NO_TAKEOVER), seen.contains(CLIENT_NO_TAKEOVER), serverBits, clientBits);
        }

        /** A decimal number from 8 to 15 without leading zeros (section 7.1.2), or 0 if the value is not that. */
        private static int bits(String value) {
            if (value == null) {
                return NO_VALUE;
            }
            for (int bits = MIN_BITS; bits <= MAX_BITS; bits++) {
                if (value.equals(Integer.toString(bits))) {
                    return bits;
                }
            }
            return 0;
        }
    }

    /**
     * A server looks at an offer.
     *
     * @param offer    of a client
     * @param settings of the server
     * @param roomy    whether there is memory for compressors of single sessions
     * @return what it agrees to, or null
     */
    static DeflateParameters accept(ExtensionOffer offer, DeflateSettings settings, boolean roomy) {
        Given given = Given.of(offer);
        if (given == null) {
            return null;
        }
        boolean ownTakeover = roomy && settings.ownTakeover() && !given.serverNoTakeover;
        int ownBits = Math.min(given.serverBits == ABSENT ? MAX_BITS : given.serverBits, settings.ownBits());
        // Without the parameter in the offer, the client cannot be asked for a smaller window (section 7.1.2.2).
        boolean mayLimit = given.clientBits != ABSENT;
        int peerBits = !mayLimit ? MAX_BITS : Math.min(given.clientBits == NO_VALUE ? MAX_BITS : given.clientBits, settings.peerBits());
        boolean peerTakeover = roomy && settings.peerTakeover() && !given.clientNoTakeover && peerBits <= settings.peerBits();
        StringBuilder answer = new StringBuilder(NAME);
        if (!ownTakeover) {
            answer.append("; ").append(SERVER_NO_TAKEOVER);
        }
        if (!peerTakeover) {
            answer.append("; ").append(CLIENT_NO_TAKEOVER);
        }
        if (given.serverBits != ABSENT || ownBits < MAX_BITS) {
            answer.append("; ").append(SERVER_BITS).append('=').append(ownBits);
        }
        if (mayLimit && peerBits < MAX_BITS) {
            answer.append("; ").append(CLIENT_BITS).append('=').append(peerBits);
        }
        return new DeflateParameters(ownTakeover, peerTakeover, ownBits, peerBits, answer.toString());
    }

    /** What a client with these settings offers. */
    static String offer(DeflateSettings settings) {
        StringBuilder offer = new StringBuilder(NAME);
        if (!settings.peerTakeover()) {
            offer.append("; ").append(SERVER_NO_TAKEOVER);
        }
        if (!settings.ownTakeover()) {
            offer.append("; ").append(CLIENT_NO_TAKEOVER);
        }
        if (settings.peerBits() < MAX_BITS) {
            offer.append("; ").append(SERVER_BITS).append('=').append(settings.peerBits());
        }
        String any = offer.append("; ").append(CLIENT_BITS).toString();
        // With the hint the server may save memory; some decline it if they would answer more, which is no reason to do without.
        return settings.ownBits() < MAX_BITS ? any + '=' + settings.ownBits() + ", " + any : any;
    }

    /**
     * A client looks at what the server answered to {@link #offer}.
     *
     * @param answer   of the server
     * @param settings that the offer was made of
     * @return what was agreed on, or null if the server must not answer so (section 7.1)
     */
    static DeflateParameters accepted(ExtensionOffer answer, DeflateSettings settings) {
        Given given = Given.of(answer);
        if (given == null || given.clientBits == NO_VALUE || !settings.peerTakeover() && !given.serverNoTakeover) {
            return null;
        }
        int peerBits = given.serverBits == ABSENT ? MAX_BITS : given.serverBits;
        int ownBits = Math.min(given.clientBits == ABSENT ? MAX_BITS : given.clientBits, settings.ownBits());
        if (peerBits > settings.peerBits()) {
            return null;
        }
        return new DeflateParameters(settings.ownTakeover() && !given.clientNoTakeover, !given.serverNoTakeover, ownBits, peerBits, "");
    }
}
