package io.hioload.itest.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the suite thinks of each case, by agent and case.
 *
 * @param agents behaviour and close behaviour by case, by agent
 */
record Verdicts(Map<String, Map<String, Verdict>> agents) {

    private static final Pattern OPENED = Pattern.compile(" *\"([^\"]+)\": \\{");
    private static final Pattern FIELD = Pattern.compile(" *\"(behavior|behaviorClose)\": \"([^\"]*)\",?");
    /** The cases that ask for nothing: a message behind the close, and codes that the RFC leaves open. */
    private static final Set<String> LEFT_OPEN = Set.of("7.1.6", "7.13.1", "7.13.2");

    private record Verdict(String behavior, String close) {
    }

    /** Reads {@code index.json} as the suite lays it out: agent, case, field, each on a line and indented by 3. */
    static Verdicts read(Path reports) throws IOException {
        Map<String, Map<String, Verdict>> agents = new TreeMap<>();
        Map<String, Verdict> cases = Map.of();
        String number = "";
        String behavior = "";
        for (String line : Files.readAllLines(reports.resolve("index.json"))) {
            Matcher opened = OPENED.matcher(line);
            Matcher field = FIELD.matcher(line);
            if (opened.matches() && line.startsWith("      ")) {
                number = opened.group(1);
            } else if (opened.matches()) {
                cases = new TreeMap<>();
                agents.put(opened.group(1), cases);
            } else if (field.matches() && field.group(1).equals("behavior")) {
                behavior = field.group(2);
            } else if (field.matches()) {
                cases.put(number, new Verdict(behavior, field.group(2)));
            }
        }
        return new Verdicts(agents);
    }

    /** Fails unless every case ran and came out right, the close too; "non-strict" is not right. */
    void assertAllRight(String agent, int atLeast) {
        Map<String, Verdict> cases = agents.getOrDefault(agent, Map.of());
        List<String> wrong = new ArrayList<>();
        cases.forEach((number, verdict) -> {
            boolean open = LEFT_OPEN.contains(number) && verdict.equals(new Verdict("INFORMATIONAL", "INFORMATIONAL"));
            if (!open && !verdict.equals(new Verdict("OK", "OK"))) {
                wrong.add(number + " " + verdict.behavior + ", close " + verdict.close);
            }
        });
        assertEquals(List.of(), wrong, agent);
        assertEquals(atLeast, Math.min(atLeast, cases.size()), "cases that ran on " + agent);
    }
}
