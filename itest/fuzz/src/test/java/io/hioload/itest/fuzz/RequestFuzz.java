package io.hioload.itest.fuzz;

import io.hioload.http.HttpRequest;
import io.hioload.http.HttpResponse;
import io.hioload.protocol.http1.Handshake;
import io.hioload.protocol.http1.HttpLimits;
import io.hioload.protocol.http1.RequestParser;
import io.hioload.protocol.http1.ResponseParser;
import io.hioload.protocol.http1.ResponseWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The request parser, the opening handshake behind it, and the answers: whatever the bytes and however they are cut, it
 * finds the requests that {@link HeadReference} finds, and every answer is one. The first two bytes of an input choose
 * limits and how it is cut. One thread.
 */
public final class RequestFuzz {

    private static final HttpLimits NARROW = new HttpLimits(200, 3, 20);
    private static final Set<Integer> REFUSALS = Set.of(400, 413, 414, 431, 501, 505);
    private static final Set<Integer> HANDSHAKE_REFUSALS = Set.of(400, 405, 426);
    private static final List<String> SUBPROTOCOLS = List.of("chat", "superchat");
    private static final UnsafeBuffer ANSWER = new UnsafeBuffer(new byte[4_096]);

    private RequestFuzz() {
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        HttpLimits limits = (data[0] & 1) == 0 ? HttpLimits.DEFAULT : NARROW;
        byte[] wire = Arrays.copyOfRange(data, 2, data.length);
        List<String> expected = HeadReference.requests(limits, new String(wire, StandardCharsets.ISO_8859_1));
        String whole = expect(expected, limits, wire, Math.max(1, wire.length));
        for (int piece : new int[]{1, 1 + (data[1] & 7), 1 + (data[1] & 0xFF)}) {
            String pieces = expect(expected, limits, wire, piece);
            if (!whole.equals(pieces)) {
                throw new AssertionError("whole: " + whole + ", in pieces of " + piece + ": " + pieces);
            }
        }
    }

    /** Returns what the end was. */
    private static String expect(List<String> expected, HttpLimits limits, byte[] wire, int piece) {
        RequestParser parser = new RequestParser(limits);
        List<String> found = new ArrayList<>();
        UnsafeBuffer buffer = new UnsafeBuffer(wire);
        for (int from = 0; from < wire.length; from += piece) {
            int to = Math.min(wire.length, from + piece);
            for (int at = from; at < to && parser.state() != RequestParser.BAD;) {
                int consumed = parser.feed(buffer, at, to - at);
                if (consumed < 1 || consumed > to - at || parser.state() == RequestParser.NEED_MORE && consumed != to - at) {
                    throw new AssertionError("consumed " + consumed + " of " + (to - at));
                }
                at += consumed;
                if (parser.state() == RequestParser.DONE) {
                    found.add(text(parser.request()));
                    handshake(parser.request());
                    parser.reset();
                }
            }
        }
        boolean bad = parser.state() == RequestParser.BAD;
        found.add(bad ? HeadReference.BAD : HeadReference.MORE);
        if (!expected.equals(found)) {
            throw new AssertionError("expected " + expected + ", in pieces of " + piece + " it was " + found + " " + parser.reason());
        }
        if (bad != (parser.reason() != null) || bad && !REFUSALS.contains(parser.status()) || bad && parser.request() != null) {
            throw new AssertionError("status " + parser.status() + ", reason " + parser.reason());
        }
        return parser.status() + " " + parser.reason();
    }

    private static String text(HttpRequest request) {
        return request.method() + " " + request.path() + " " + request.query() + " " + request.headers();
    }

    private static void handshake(HttpRequest request) {
        if (!Handshake.isUpgrade(request)) {
            return;
        }
        HttpResponse refusal = Handshake.refusal(request);
        if (refusal == null) {
            int length = Handshake.accept(request, Handshake.subprotocol(request, SUBPROTOCOLS), List.of(), ANSWER, 0, ANSWER.capacity());
            expectAnswer(101, length);
        } else if (HANDSHAKE_REFUSALS.contains(refusal.status())) {
            expectAnswer(refusal.status(), ResponseWriter.writeHead(refusal, false, ANSWER, 0, ANSWER.capacity()));
        } else {
            throw new AssertionError("refused with " + refusal.status());
        }
    }

    private static void expectAnswer(int status, int length) {
        ResponseParser parser = new ResponseParser(HttpLimits.DEFAULT);
        int consumed = parser.feed(ANSWER, 0, length);
        if (consumed != length || parser.state() != ResponseParser.DONE || parser.response().status() != status) {
            throw new AssertionError("not an answer with " + status + ": " + ANSWER.getStringWithoutLengthAscii(0, length));
        }
    }
}
