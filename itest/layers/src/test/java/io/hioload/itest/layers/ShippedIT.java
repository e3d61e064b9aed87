package io.hioload.itest.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the distribution ships, and that NOTICE tells whose it is. */
class ShippedIT {

    private static final Path DIST = Path.of(System.getProperty("hioload.dist"));
    private static final Pattern NOTICE_LINE = Pattern.compile("^  ([\\w.-]+\\.jar) +(\\S+)  .*$", Pattern.MULTILINE);
    private static final Set<String> LICENCES = Set.of("Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "EPL-2.0");

    @Test
    void shouldListEachThirdPartyJarWithItsLicenceInNotice() throws IOException {
        Set<String> shipped = Stream.concat(jars("lib"), jars("lib/bundles"))
                .filter(name -> !name.equals("hioload-launcher.jar"))
                .filter(name -> !name.startsWith("io.hioload.") || name.startsWith("io.hioload.agrona"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> listed = new TreeSet<>();
        Matcher line = NOTICE_LINE.matcher(Files.readString(DIST.resolve("NOTICE")));
        while (line.find()) {
            listed.add(line.group(1));
            assertTrue(LICENCES.contains(line.group(2)), line.group());
        }
        assertEquals(shipped, listed);
    }

    @Test
    void shouldShipNothingThatIsForTestsOnly() throws IOException {
        List<String> forTests = jars("lib/bundles").filter(name -> name.contains("testkit") || name.contains("itest")
                || name.contains("junit")).toList();
        assertEquals(List.of(), forTests);
    }

    @Test
    void shouldShipEachBundleOnce() throws IOException {
        List<String> names = jars("lib/bundles").map(name -> name.replaceFirst("-\\d.*", "")).sorted().toList();
        assertEquals(List.copyOf(new TreeSet<>(names)), names);
    }

    private static Stream<String> jars(String folder) throws IOException {
        try (Stream<Path> files = Files.list(DIST.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".jar")).toList().stream();
        }
    }
}
