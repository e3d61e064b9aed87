package io.hioload.itest.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.itest.clients.JdkClient.Message;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code java.net.http.WebSocket} against the distribution. */
class JdkClientIT {

    @AutoClose
    private static Distribution server;

    @BeforeAll
    static void start() throws Exception {
        server = Distribution.start("jdk");
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    @Test
    void shouldEchoText() throws InterruptedException {
        try (JdkClient client = JdkClient.open(server.port(), "/echo")) {
            for (String text : new String[]{"hello", "", "\u20ac \ud83d\ude00 \0", "x".repeat(70_000)}) {
                assertEquals(text, client.echo(text));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 1 << 20})
    void shouldEchoBinary(int length) throws InterruptedException {
        byte[] bytes = random(length);
        try (JdkClient client = JdkClient.open(server.port(), "/echo")) {
            client.socket().sendBinary(ByteBuffer.wrap(bytes), true).join();
            Message answer = client.next();
            assertEquals("binary", answer.kind());
            assertArrayEquals(bytes, answer.bytes());
        }
    }

    @Test
    void shouldEchoFragmentedMessagesWithAPingBetween() throws InterruptedException {
        try (JdkClient client = JdkClient.open(server.port(), "/echo")) {
            client.socket().sendText("he", false).join();
            client.socket().sendPing(ByteBuffer.wrap("between".getBytes(StandardCharsets.UTF_8))).join();
            client.socket().sendText("", false).join();
            client.socket().sendText("llo", true).join();
            Message pong = client.next();
            assertEquals("pong between", pong.kind() + " " + pong.text());
            assertEquals("hello", client.next().text());
        }
    }

    @Test
    void shouldAnswerPings() throws InterruptedException {
        try (JdkClient client = JdkClient.open(server.port(), "/echo")) {
            for (int length : new int[]{0, 1, 125}) {
                byte[] payload = random(length);
                client.socket().sendPing(ByteBuffer.wrap(payload)).join();
                assertArrayEquals(payload, client.next().bytes());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 3000, 4999})
    void shouldAnswerACloseWithItsCode(int code) {
        try (JdkClient client = JdkClient.open(server.port(), "/echo")) {
            client.socket().sendClose(code, "good bye").join();
            assertEquals(code, client.closeCode());
        }
    }

    @Test
    void shouldCloseWithTheHandlersCode() {
        try (JdkClient client = JdkClient.open(server.port(), "/chat/jdk?nick=duke")) {
            client.socket().sendBinary(ByteBuffer.allocate(1), true).join();
            assertEquals(1003, client.closeCode());
        }
        try (JdkClient client = JdkClient.open(server.port(), "/chat/jdk?nick=duke")) {
            client.socket().sendText("x".repeat(10_000), true).join();
            assertEquals(1009, client.closeCode());
        }
    }

    @Test
    void shouldRefusePathsThatNobodyServes() {
        assertEquals(404, JdkClient.status(server.port(), "/nowhere"));
        assertEquals(404, JdkClient.status(server.port(), "/echo/more"));
    }

    @Test
    void shouldServeThePageAndItsHead() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI page = URI.create("http://127.0.0.1:" + server.port() + "/");
            HttpResponse<String> got = http.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
            assertEquals(200, got.statusCode());
            assertEquals("text/html; charset=utf-8", got.headers().firstValue("content-type").orElse(""));
            HttpResponse<String> head = http.send(HttpRequest.newBuilder(page).HEAD().build(), HttpResponse.BodyHandlers.ofString());
            assertEquals(200, head.statusCode());
            assertEquals("", head.body());
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
