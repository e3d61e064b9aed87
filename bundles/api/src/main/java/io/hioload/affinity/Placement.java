package io.hioload.affinity;

/**
 * Where a group of threads is to run, as configuration says it.
 *
 * @param policy           the rule
 * @param networkInterface the interface's name for {@link Policy#NEAR}, else empty
 */
public record Placement(Policy policy, String networkInterface) {

    /** The rules. */
    public enum Policy {
        /**
         * As far apart as possible: nodes in turn, in each its last-level caches in turn, and a second hardware thread of a
         * core only when every core has one. The most cache and memory bandwidth for each thread.
         */
        SPREAD,
        /**
         * As close together as possible: both hardware threads of a core, then the cores of one last-level cache, then of one
         * node, before the next node. Leaves the rest of the machine to others.
         */
        COMPACT,
        /**
         * On the node of a network interface, core by core, then on the other nodes from the nearest to the farthest.
         */
        NEAR
    }

    /** The rule when none is given. */
    public static final Placement SPREAD = new Placement(Policy.SPREAD, "");
    /** Close together. */
    public static final Placement COMPACT = new Placement(Policy.COMPACT, "");

    private static final String NEAR_PREFIX = "near:";

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if an interface is missing, superfluous or cannot be one
     */
    public Placement {
        if (policy == Policy.NEAR != networkInterface.matches("[^\\s/:]{1,255}") || networkInterface.startsWith(".")) {
            throw new IllegalArgumentException(policy + " '" + networkInterface + "': near, and only near, goes with an interface");
        }
    }

    /**
     * Near a network interface.
     *
     * @param networkInterface its name, such as {@code eth0}
     * @return the placement
     * @throws IllegalArgumentException if it cannot be a name
     */
    public static Placement near(String networkInterface) {
        return new Placement(Policy.NEAR, networkInterface);
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @param text {@code spread}, {@code compact} or {@code near:} and the name of a network interface
     * @return the placement
     * @throws IllegalArgumentException if it is none of these
     */
    public static Placement parse(String text) {
        if (text.startsWith(NEAR_PREFIX)) {
            return near(text.substring(NEAR_PREFIX.length()));
        }
        return switch (text) {
            case "spread" -> SPREAD;
            case "compact" -> COMPACT;
            default -> throw new IllegalArgumentException("'" + text + "': spread | compact | near:<interface>");
        };
    }

    @Override
    public String toString() {
        return switch (policy) {
            case SPREAD -> "spread";
            case COMPACT -> "compact";
            case NEAR -> NEAR_PREFIX + networkInterface;
        };
    }
}
