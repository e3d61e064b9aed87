package io.hioload.itest.fuzz;

import io.hioload.protocol.http1.ClientHandshake;
import io.hioload.protocol.http1.HttpLimits;
import io.hioload.protocol.http1.ResponseHead;
import io.hioload.protocol.http1.ResponseParser;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The response parser and the client's half of the opening handshake: whatever the bytes and however they are cut, it finds
 * what {@link HeadReference} finds, and no answer that somebody made up is taken for one to the request. The first two bytes
 * of an input choose limits and how it is cut. One thread.
 */
public final class ResponseFuzz {

    private static final HttpLimits NARROW = new HttpLimits(200, 3, 20);

    private ResponseFuzz() {
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        HttpLimits limits = (data[0] & 1) == 0 ? HttpLimits.DEFAULT : NARROW;
        byte[] wire = Arrays.copyOfRange(data, 2, data.length);
        String expected = HeadReference.response(limits, new String(wire, StandardCharsets.ISO_8859_1));
        String whole = expect(expected, limits, wire, Math.max(1, wire.length));
        for (int piece : new int[]{1, 1 + (data[1] & 7), 1 + (data[1] & 0xFF)}) {
            String pieces = expect(expected, limits, wire, piece);
            if (!whole.equals(pieces)) {
                throw new AssertionError("whole: " + whole + ", in pieces of " + piece + ": " + pieces);
            }
        }
    }

    /** Returns how far it read and what was wrong. */
    private static String expect(String expected, HttpLimits limits, byte[] wire, int piece) {
        ResponseParser parser = new ResponseParser(limits);
        UnsafeBuffer buffer = new UnsafeBuffer(wire);
        int read = 0;
        for (int from = 0; from < wire.length && parser.state() == ResponseParser.NEED_MORE; from += piece) {
            read += parser.feed(buffer, from, Math.min(piece, wire.length - from));
        }
        String found = switch (parser.state()) {
            case ResponseParser.NEED_MORE -> HeadReference.MORE;
            case ResponseParser.BAD -> HeadReference.BAD;
            default -> text(parser.response());
        };
        if (!expected.equals(found)) {
            throw new AssertionError("expected " + expected + ", in pieces of " + piece + " it was " + found + " " + parser.reason());
        }
        if (parser.response() != null) {
            ClientHandshake handshake = new ClientHandshake("localhost", "/", List.of("chat"), List.of());
            if (handshake.refusal(parser.response()) == null) {
                throw new AssertionError("taken for the answer: " + found);
            }
        }
        return read + " " + parser.reason();
    }

    private static String text(ResponseHead response) {
        return response.status() + " " + response.reason() + " " + response.headers();
    }
}
