package io.hioload.itest.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the manifests that were built against the floors of the design: who may import from whom. */
class LayersIT {

    private static final Set<String> NONE = Set.of();
    private static final Set<String> API = Set.of("api");
    private static final Set<String> API_AND_FFM = Set.of("api", "ffm");
    private static final Set<String> ASSEMBLY = Set.of("api", "protocol", "session");

    /** For each bundle those of ours whose packages it may import. A new bundle takes its place here first. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            // Floor 0 knows nobody.
            Map.entry("agrona", NONE),
            Map.entry("api", NONE),
            Map.entry("ffm", NONE),
            // Floors 1 and 2 implement what api says and do not know each other.
            Map.entry("pool", API_AND_FFM),
            Map.entry("affinity", API_AND_FFM),
            Map.entry("executor", API_AND_FFM),
            Map.entry("protocol", API),
            Map.entry("reactor", API_AND_FFM),
            Map.entry("session", API),
            // Floor 3 puts them together.
            Map.entry("server", ASSEMBLY),
            Map.entry("client", ASSEMBLY),
            // Finds what the others publish.
            Map.entry("control", API),
            // What others write against the contracts.
            Map.entry("testkit", API),
            Map.entry("examples.echo", API),
            Map.entry("examples.chat", API),
            Map.entry("protocol.deflate", API_AND_FFM),
            Map.entry("protocol.tls", API),
            Map.entry("transport.nio", API_AND_FFM),
            Map.entry("transport.epoll", API_AND_FFM),
            Map.entry("transport.iouring", API_AND_FFM));

    private static final String PREFIX = "io.hioload.";

    private static List<BuiltBundle> bundles;

    @BeforeAll
    static void read() throws IOException {
        bundles = BuiltBundle.all();
    }

    @Test
    void shouldKnowTheFloorOfEachBundleWhenItIsBuilt() {
        Set<String> built = bundles.stream().map(b -> b.symbolicName().substring(PREFIX.length())).collect(Collectors.toSet());
        assertEquals(new TreeSet<>(MAY_IMPORT.keySet()), new TreeSet<>(built));
    }

    @Test
    void shouldNameBundleLikeItsArtifactWhenBuilt() throws IOException {
        for (BuiltBundle bundle : bundles) {
            assertEquals(bundle.artifactId(), bundle.symbolicName(), bundle.folder());
            assertTrue(bundle.symbolicName().startsWith(PREFIX), bundle.folder());
        }
    }

    @Test
    void shouldImportOnlyFromLowerFloors() {
        Map<String, String> exporters = new TreeMap<>();
        for (BuiltBundle bundle : bundles) {
            for (String exported : bundle.exports().keySet()) {
                String other = exporters.put(exported, bundle.symbolicName());
                assertEquals(null, other, exported + " is exported twice, also by " + bundle);
            }
        }
        List<String> breaches = new ArrayList<>();
        for (BuiltBundle bundle : bundles) {
            Set<String> allowed = MAY_IMPORT.getOrDefault(bundle.symbolicName().substring(PREFIX.length()), NONE);
            for (String imported : bundle.imports()) {
                String exporter = imported.startsWith(PREFIX) ? exporters.getOrDefault(imported, "nobody") : bundle.symbolicName();
                // A bundle may import what it exports itself, so that two providers of a package can agree on one.
                if (!exporter.equals(bundle.symbolicName())
                        && !allowed.contains(exporter.substring(exporter.lastIndexOf(PREFIX) + PREFIX.length()))) {
                    breaches.add(bundle + " imports " + imported + " of " + exporter);
                }
            }
        }
        assertEquals(List.of(), breaches);
    }

    @Test
    void shouldVersionEachExportedPackage() {
        List<String> breaches = new ArrayList<>();
        for (BuiltBundle bundle : bundles) {
            bundle.exports().forEach((name, version) -> {
                if (version.isEmpty() || version.equals("0.0.0")) {
                    breaches.add(bundle + " exports " + name + " without a version");
                }
                if (name.contains(".internal")) {
                    breaches.add(bundle + " exports " + name);
                }
            });
        }
        assertEquals(List.of(), breaches);
    }

    @Test
    void shouldExportNothingWhenPluginOrExample() {
        for (BuiltBundle bundle : bundles) {
            if (bundle.folder().startsWith("plugins-") || bundle.folder().startsWith("bundles/examples/")) {
                assertEquals(Map.of(), bundle.exports(), bundle.folder());
            }
        }
    }

    /** An older bnd does not know the class files of a new JDK and then asks for an execution environment that nobody has. */
    @Test
    void shouldRequireKnownJavaVersion() {
        for (BuiltBundle bundle : bundles) {
            String required = bundle.header("Require-Capability");
            boolean hasClasses = !bundle.exports().isEmpty() || !bundle.imports().isEmpty();
            assertTrue(!hasClasses || required.contains("(osgi.ee=JavaSE)(version="), bundle + ": " + required);
        }
    }
}
