package io.hioload.transport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Which transport serves, and why the better ones do not. Immutable; any thread. Cold: asks each provider whether it can
 * be used, which may try system calls.
 */
public final class TransportSelection {

    /** Configuration value: the usable transport with the highest preference. */
    public static final String AUTO = "auto";

    private static final Comparator<TransportProvider> BEST_FIRST = Comparator.comparingInt(TransportProvider::preference).reversed()
            .thenComparing(TransportProvider::name);

    private final TransportProvider chosen;
    private final List<String> passedOver;

    private TransportSelection(TransportProvider chosen, List<String> passedOver) {
        this.chosen = chosen;
        this.passedOver = List.copyOf(passedOver);
    }

    /**
     * Chooses.
     *
     * @param wanted    {@link #AUTO} or a transport's name
     * @param providers all that are there
     * @return the choice
     * @throws TransportException if no such transport is there or can be used; says which are there and what is in the
     *                            way of each
     */
    public static TransportSelection select(String wanted, Collection<TransportProvider> providers) throws TransportException {
        List<TransportProvider> bestFirst = new ArrayList<>(providers);
        bestFirst.sort(BEST_FIRST);
        boolean auto = wanted.equals(AUTO);
        List<String> passedOver = new ArrayList<>();
        for (TransportProvider provider : bestFirst) {
            if (!auto && !wanted.equals(provider.name())) {
                continue;
            }
            Availability availability = availability(provider);
            if (availability.usable()) {
                return new TransportSelection(provider, passedOver);
            }
            passedOver.add(provider.name() + ": not usable: " + availability.reason());
        }
        throw new TransportException(refusal(wanted, auto, bestFirst, passedOver));
    }

    private static String refusal(String wanted, boolean auto, List<TransportProvider> bestFirst, List<String> passedOver) {
        if (bestFirst.isEmpty()) {
            return "transport = " + wanted + ": no transport is there";
        }
        if (auto) {
            return "transport = auto: no transport is usable: " + String.join("; ", passedOver);
        }
        List<String> others = new ArrayList<>();
        for (TransportProvider provider : bestFirst) {
            if (!provider.name().equals(wanted)) {
                Availability availability = availability(provider);
                others.add(provider.name() + (availability.usable() ? " (usable)" : " (not usable: " + availability.reason() + ")"));
            }
        }
        String there = others.isEmpty() ? "" : "; there " + (others.size() == 1 ? "is " : "are ") + String.join(", ", others);
        return "transport = " + wanted + ": " + (passedOver.isEmpty() ? "no such transport" : passedOver.getFirst()) + there;
    }

    /** A plugin that breaks its contract by throwing is one that cannot be used. */
    private static Availability availability(TransportProvider provider) {
        try {
            return provider.availability();
        } catch (RuntimeException | LinkageError e) {
            return Availability.unusable(e.toString());
        }
    }

    /**
     * What serves.
     *
     * @return a usable provider
     */
    public TransportProvider chosen() {
        return chosen;
    }

    /**
     * The transports of higher preference that could not be chosen.
     *
     * @return a line for each, such as {@code epoll: not usable: needs Linux, this is Windows 11}, the best first
     */
    public List<String> passedOver() {
        return passedOver;
    }
}
