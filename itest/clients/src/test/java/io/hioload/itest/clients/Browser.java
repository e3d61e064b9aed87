package io.hioload.itest.clients;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Headless Chromium, driven through chromedriver by the W3C WebDriver protocol, which is JSON over HTTP. Owns both
 * processes. One thread.
 */
final class Browser implements AutoCloseable {

    private static final String INSTALL = "Install Chromium and its driver (Debian: apt-get install chromium chromium-driver).";
    private static final String[] FLAGS = {"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"};
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final Path profile;
    private final String session;

    private Browser(Process driver, int port, String chromium, Path profile) throws IOException, InterruptedException {
        this.driver = driver;
        this.profile = profile;
        String root = "http://127.0.0.1:" + port + "/session";
        String flags = Stream.concat(Stream.of(FLAGS), Stream.of("--user-data-dir=" + profile)).map(Browser::quoted)
                .collect(Collectors.joining(","));
        String answer = call("POST", root, "{\"capabilities\":{\"alwaysMatch\":{\"browserName\":\"chrome\",\"goog:loggingPrefs\":"
                + "{\"browser\":\"ALL\"},\"goog:chromeOptions\":{\"binary\":" + quoted(chromium) + ",\"args\":[" + flags + "]}}}}");
        session = root + "/" + field("sessionId", answer);
    }

    static Browser start() throws IOException, InterruptedException {
        String chromium = Command.path("chromium", "/usr/bin/chromium", INSTALL);
        String program = Command.path("chromedriver", "/usr/bin/chromedriver", INSTALL);
        Path profile = WorkFolder.create("chromium-profile");
        ProcessBuilder builder = new ProcessBuilder(program, "--port=0").directory(profile.toFile()).redirectErrorStream(true);
        // Crash reports and caches of the browser go where its profile is, not into the user's home.
        builder.environment().put("HOME", profile.toString());
        Process driver = builder.start();
        try {
            int port = Integer.parseInt(new Output(driver).await("started successfully on port (\\d+)").group(1));
            return new Browser(driver, port, chromium, profile);
        } catch (AssertionError | IOException | InterruptedException e) {
            end(driver);
            throw e;
        }
    }

    void open(String url) throws IOException, InterruptedException {
        post("/url", "{\"url\":" + quoted(url) + "}");
    }

    /** The tab that commands go to. */
    String tab() throws IOException, InterruptedException {
        return field("value", call("GET", session + "/window", null));
    }

    /** Opens another tab and turns to it. */
    String newTab() throws IOException, InterruptedException {
        String tab = field("handle", post("/window/new", "{\"type\":\"tab\"}"));
        turnTo(tab);
        return tab;
    }

    void turnTo(String tab) throws IOException, InterruptedException {
        post("/window", "{\"handle\":" + quoted(tab) + "}");
    }

    /** Types like a person, behind what stands there already. */
    void type(String selector, String text) throws IOException, InterruptedException {
        post("/element/" + element(selector) + "/value", "{\"text\":" + quoted(text) + "}");
    }

    void clear(String selector) throws IOException, InterruptedException {
        post("/element/" + element(selector) + "/clear", "{}");
    }

    void click(String selector) throws IOException, InterruptedException {
        post("/element/" + element(selector) + "/click", "{}");
    }

    /** The value of a JavaScript expression as text. */
    String eval(String expression) throws IOException, InterruptedException {
        return decoded(post("/execute/sync", script("return encodeURIComponent(String(" + expression + "))")));
    }

    /** The same for an expression whose value is a promise; a rejection comes back as the text of its error. */
    String evalAsync(String expression) throws IOException, InterruptedException {
        return decoded(post("/execute/async", script("const done = arguments[arguments.length - 1]; (" + expression
                + ").then(v => done(encodeURIComponent(String(v))), e => done(encodeURIComponent(String(e))))")));
    }

    /** What the browser complained about since the last look: errors of scripts, refusals of the content security policy. */
    String complaints() throws IOException, InterruptedException {
        String log = post("/se/log", "{\"type\":\"browser\"}");
        return Pattern.compile("\\{[^{}]*\"level\":\"SEVERE\"[^{}]*\\}").matcher(log).results().map(found -> found.group())
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        try {
            call("DELETE", session, null);
        } catch (IOException e) {
            // the driver is ended in any case
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(driver);
            http.close();
            WorkFolder.delete(profile);
        }
    }

    private static void end(Process driver) {
        List<ProcessHandle> all = Stream.concat(Stream.of(driver.toHandle()), driver.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }

    private String element(String selector) throws IOException, InterruptedException {
        return field(ELEMENT, post("/element", "{\"using\":\"css selector\",\"value\":" + quoted(selector) + "}"));
    }

    private String post(String path, String body) throws IOException, InterruptedException {
        return call("POST", session + path, body);
    }

    private String call(String method, String url, String body) throws IOException, InterruptedException {
        HttpRequest.BodyPublisher content = body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(url)).method(method, content).build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError("the browser refused " + method + " " + url + " " + body + ": " + answer.body());
        }
        return answer.body();
    }

    private static String script(String text) {
        return "{\"script\":" + quoted(text) + ",\"args\":[]}";
    }

    private static String decoded(String answer) {
        return URLDecoder.decode(field("value", answer).replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** A text of a JSON answer; texts with escapes do not occur, because scripts encode theirs. */
    private static String field(String name, String json) {
        Matcher found = Pattern.compile('"' + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
        if (!found.find()) {
            throw new AssertionError("no " + name + " in " + json);
        }
        return found.group(1);
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c < ' ' || c == '"' || c == '\\') {
                json.append(String.format("\\u%04x", c));
            } else {
                json.append((char) c);
            }
        });
        return json.append('"').toString();
    }
}
