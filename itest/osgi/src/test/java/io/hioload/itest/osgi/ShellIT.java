package io.hioload.itest.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Hashtable;
import java.util.Map;
import javax.inject.Inject;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;

/** What an operator does: commands, files, Config Admin's API; and who wins when they disagree. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ShellIT {

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    @Inject
    private CommandProcessor processor;

    private Servers servers;
    private int port;
    private Path file;

    @Configuration
    public Option[] container() {
        return Provisioning.allBut();
    }

    @Before
    public void start() throws Exception {
        servers = new Servers(context, admin);
        port = Servers.freePort();
        file = new File(System.getProperty("felix.fileinstall.dir"), "io.hioload.server~shell.cfg").toPath();
        write("message.max=1MiB");
        Await.until("the file's server to run", () -> servers.runs("shell"));
    }

    @After
    public void stop() throws Exception {
        Files.deleteIfExists(file);
        Await.until("the file's server to stop", () -> !servers.runs("shell"));
        servers.stopAll();
    }

    private void write(String... lines) throws Exception {
        Path beside = file.resolveSibling("." + file.getFileName());
        Files.writeString(beside, "port=" + port + "\nreactors=1\n" + String.join("\n", lines) + "\n");
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private String run(String command) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
                CommandSession session = processor.createSession(new ByteArrayInputStream(new byte[0]), print, print)) {
            Object result = session.execute(command);
            return result == null ? out.toString(StandardCharsets.UTF_8) : result.toString();
        }
    }

    private Object value(String key) throws Exception {
        return servers.control("shell").config().values().get(key);
    }

    private void expectValue(String key, Object value) throws Exception {
        Await.until(() -> key + " to be " + value + ", it is " + value(key), () -> value.equals(value(key)));
    }

    @Test
    public void shouldShowAndChangeAServerFromTheShell() throws Exception {
        assertTrue(run("hioload:servers"), run("hioload:servers").contains("127.0.0.1:" + port));
        assertEquals("configuration 2 is in force", run("hioload:set shell idle.timeout=3m message.max=2MiB"));
        assertTrue(run("hioload:config shell").contains("idle.timeout"));
        assertTrue(run("hioload:history shell"), run("hioload:history shell").contains("idle.timeout message.max"));
        assertEquals("configuration 3 is in force", run("hioload:rollback shell 1"));
        assertEquals(1L << 20, value("message.max"));
        assertEquals("configuration 4 is in force", run("hioload:unset shell message.max"));
        assertEquals(16L << 20, value("message.max"));
        assertTrue(run("hioload:transports").contains("epoll"));
        assertTrue(run("hioload:counters http").contains("http.requests"));
        assertTrue(run("hioload:probes").contains("reactor-0"));
        assertTrue(run("hioload:probes shell pool").contains("pool"));
        assertEquals("io.hioload.itest = DEBUG", run("hioload:loglevel io.hioload.itest DEBUG"));
        assertTrue(System.getLogger("io.hioload.itest.some").isLoggable(System.Logger.Level.DEBUG));
        Path other = Files.writeString(Files.createTempFile("other", ".cfg"), "port=" + port + "\nreactors=1\nframe.max=7MiB\n");
        assertEquals("configuration 5 is in force", run("hioload:apply shell " + other));
        assertEquals(7L << 20, value("frame.max"));
        Files.delete(other);
    }

    @Test
    public void shouldTellTheUsageOfEveryCommand() throws Exception {
        for (String command : new String[]{"servers", "config", "set", "unset", "apply", "history", "rollback", "transports", "probes",
                "counters", "loglevel"}) {
            String help = run("help hioload:" + command);
            assertTrue(command + ": " + help, help.contains(command) && help.length() > 2 * command.length() + 20);
        }
    }

    @Test
    public void shouldLetTheLastChangeWinWhenSourcesDisagree() throws Exception {
        run("hioload:set shell idle.timeout=3m");
        assertEquals(1L << 20, value("message.max"));
        // A file is a whole configuration: it undoes what the shell had set.
        write("message.max=3MiB");
        expectValue("message.max", 3L << 20);
        assertEquals(120_000L, value("idle.timeout"));
        // Config Admin's API writes where the file writes, and is a whole configuration, too.
        servers.configure("shell", port, Map.of("reactors", 1, "frame.max", "5MiB"));
        expectValue("frame.max", 5L << 20);
        assertEquals(16L << 20, value("message.max"));
        // The file changes again, and wins again.
        write("message.max=4MiB");
        expectValue("message.max", 4L << 20);
        assertEquals(16L << 20, value("frame.max"));
        // A wrong file changes nothing.
        write("message.max=lots");
        Await.until("the refusal to stand in the history", () -> run("hioload:history shell").contains("refused: message.max = lots"));
        assertEquals(4L << 20, value("message.max"));
    }

    @Test
    public void shouldSetLogLevelsAndServeMetricsByConfiguration() throws Exception {
        admin.getConfiguration("io.hioload.logging", "?").update(new Hashtable<>(Map.of("io.hioload.itest.cm", "TRACE")));
        Await.until("the level to be set", () -> System.getLogger("io.hioload.itest.cm").isLoggable(System.Logger.Level.TRACE));
        admin.getConfiguration("io.hioload.logging", "?").delete();
        Await.until("the level to be as before", () -> !System.getLogger("io.hioload.itest.cm").isLoggable(System.Logger.Level.TRACE));
        admin.getConfiguration("io.hioload.metrics", "?").update(new Hashtable<>(Map.of("path", "/metrics")));
        Await.until("metrics to be served", () -> get("/metrics").contains("hioload_server_config_number{server=\"shell\"} 1\n"));
        assertTrue(get("/metrics").contains("hioload_reactor_counters_http_requests{server=\"shell\",reactor=\"0\"}"));
        assertTrue(get("/metrics").contains("hioload_server_transport_changes_moved{server=\"shell\"} 0"));
        admin.getConfiguration("io.hioload.metrics", "?").delete();
        Await.until("metrics to be gone", () -> !get("/metrics").contains("hioload_server"));
    }

    private String get(String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(), BodyHandlers.ofString()).body();
        }
    }
}
