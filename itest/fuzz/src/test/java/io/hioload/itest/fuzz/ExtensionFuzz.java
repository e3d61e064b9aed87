package io.hioload.itest.fuzz;

import io.hioload.control.Counters;
import io.hioload.protocol.ExtensionOffer;
import io.hioload.protocol.MessageCoder;
import io.hioload.protocol.MessageExtension;
import io.hioload.protocol.MessageExtensionProvider;
import io.hioload.protocol.Role;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * {@code Sec-WebSocket-Extensions}: what is no list is refused, what is one is the same when it is written out again, and
 * what compression answers is something that a client can take. One thread.
 */
public final class ExtensionFuzz {

    private static final Map<String, String> OWN = Map.of("extension.deflate.takeover.own", "true", "extension.deflate.takeover.peer",
            "true", "extension.deflate.window.own", "12");

    private final Counters counters = new Counters();
    private final MessageExtension server;
    private final MessageExtension client;

    private static ExtensionFuzz fuzz;

    private ExtensionFuzz() {
        MessageExtensionProvider provider = ServiceLoader.load(MessageExtensionProvider.class).findFirst().orElseThrow();
        CheckedBufferPoolManager memory = new CheckedBufferPoolManager();
        server = provider.open(Role.SERVER, memory.confined(0), counters, OWN);
        client = provider.open(Role.CLIENT, memory.confined(0), counters, Map.of());
    }

    /** Called by Jazzer before the first input, on the thread of all of them. */
    public static void fuzzerInitialize() {
        fuzz = new ExtensionFuzz();
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        String header = new String(data, StandardCharsets.ISO_8859_1);
        List<ExtensionOffer> offers;
        try {
            offers = ExtensionOffer.parse(List.of(header.split("\n", -1)));
        } catch (IllegalArgumentException e) {
            return;
        }
        String written = offers.stream().map(ExtensionFuzz::text).collect(Collectors.joining(", "));
        if (!offers.equals(ExtensionOffer.parse(List.of(written)))) {
            throw new AssertionError("read " + offers + ", and of " + written + " something else");
        }
        offers.forEach(fuzz::offered);
        offers.forEach(fuzz::answered);
        if (fuzz.counters.counter("deflate.sessions").get() != 0) {
            throw new AssertionError("sessions are left");
        }
    }

    private static String text(ExtensionOffer offer) {
        StringBuilder text = new StringBuilder(offer.name());
        offer.parameters().forEach(
                parameter -> text.append("; ").append(parameter.name()).append(parameter.value() == null ? "" : "=" + parameter.value()));
        return text.toString();
    }

    private void offered(ExtensionOffer offer) {
        try (MessageCoder coder = server.accept(offer)) {
            if (coder == null) {
                return;
            }
            ExtensionOffer answer = ExtensionOffer.parse(List.of(coder.answer())).getFirst();
            if (!answer.name().equals("permessage-deflate") || answer.parameters().stream().anyMatch(p -> isUnasked(p, offer))) {
                throw new AssertionError("answered " + answer + " to " + offer);
            }
        }
    }

    /** RFC 7692, section 7.1.2.2: a server must not limit a client that has not offered it. */
    private static boolean isUnasked(ExtensionOffer.Parameter parameter, ExtensionOffer offer) {
        return parameter.name().equals("client_max_window_bits")
                && offer.parameters().stream().noneMatch(p -> p.name().equals("client_max_window_bits"));
    }

    private void answered(ExtensionOffer answer) {
        MessageCoder coder = client.accepted(answer);
        if (coder != null) {
            coder.close();
        }
    }
}
