package io.hioload.itest.layers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bundle of this build, as its jar says it is.
 *
 * @param folder  of the module, relative to the root of the repository
 * @param headers main attributes of the manifest
 */
record BuiltBundle(String folder, Attributes headers) {

    private static final Path ROOT = Path.of(System.getProperty("hioload.root"));
    private static final String VERSION = System.getProperty("hioload.version");
    private static final Pattern MODULE = Pattern.compile("<module>((?:bundles|plugins-\\w+)/[^<]+)</module>");
    private static final Pattern ARTIFACT_ID = Pattern.compile("</parent>\\s*<artifactId>([^<]+)</artifactId>");
    private static final Pattern PACKAGE_VERSION = Pattern.compile(";version=\"([^\"]+)\"");

    /** Every module of the root POM that lies in one of the folders that hold bundles. */
    static List<BuiltBundle> all() throws IOException {
        List<BuiltBundle> bundles = new ArrayList<>();
        Matcher module = MODULE.matcher(Files.readString(ROOT.resolve("pom.xml")));
        while (module.find()) {
            bundles.add(of(ROOT.resolve(module.group(1))));
        }
        return bundles;
    }

    private static BuiltBundle of(Path folder) throws IOException {
        Path jar = folder.resolve("target").resolve(artifactId(folder) + "-" + VERSION + ".jar");
        try (JarFile file = new JarFile(jar.toFile())) {
            return new BuiltBundle(ROOT.relativize(folder).toString().replace('\\', '/'), file.getManifest().getMainAttributes());
        }
    }

    private static String artifactId(Path folder) throws IOException {
        Matcher matcher = ARTIFACT_ID.matcher(Files.readString(folder.resolve("pom.xml")));
        if (!matcher.find()) {
            throw new IOException("no artifactId in " + folder);
        }
        return matcher.group(1);
    }

    String artifactId() throws IOException {
        return artifactId(ROOT.resolve(folder));
    }

    String symbolicName() {
        return String.valueOf(headers.getValue("Bundle-SymbolicName"));
    }

    String header(String name) {
        return headers.getValue(name) == null ? "" : headers.getValue(name);
    }

    /** Exported packages with their versions; an empty version where there is none. */
    Map<String, String> exports() {
        Map<String, String> exports = new TreeMap<>();
        for (String clause : clauses(header("Export-Package"))) {
            Matcher version = PACKAGE_VERSION.matcher(clause);
            exports.put(name(clause), version.find() ? version.group(1) : "");
        }
        return exports;
    }

    /** Imported packages. */
    List<String> imports() {
        return clauses(header("Import-Package")).stream().map(BuiltBundle::name).toList();
    }

    private static String name(String clause) {
        return clause.split(";")[0].strip();
    }

    /** Splits a header at the commas that stand outside quotation marks. */
    private static List<String> clauses(String header) {
        List<String> clauses = new ArrayList<>();
        boolean quoted = false;
        int begin = 0;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                clauses.add(header.substring(begin, i));
                begin = i + 1;
            }
        }
        if (begin < header.length()) {
            clauses.add(header.substring(begin));
        }
        return clauses;
    }

    @Override
    public String toString() {
        return symbolicName();
    }
}
