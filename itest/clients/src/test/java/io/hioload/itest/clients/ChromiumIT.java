package io.hioload.itest.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Headless Chromium: the demo page in two tabs, and the browser's own WebSocket client. */
class ChromiumIT {

    /** Opens a WebSocket in the page, sends, and tells what came back or with which code it closed. */
    private static final String TALK = """
            new Promise((resolve, reject) => {
              const s = new WebSocket('%s');
              s.binaryType = 'arraybuffer';
              s.onopen = () => { %s };
              s.onmessage = e => { %s };
              s.onclose = e => resolve('closed ' + e.code + ' ' + e.wasClean);
            })""";

    @AutoClose
    private Distribution server;

    @AutoClose
    private Browser browser;

    private String first;

    @BeforeEach
    void openPage() throws Exception {
        server = Distribution.start("chromium");
        browser = Browser.start();
        first = browser.tab();
        browser.open("http://127.0.0.1:" + server.port() + "/");
    }

    @Test
    void shouldChatInTwoTabs() throws Exception {
        join("ann", "tea");
        String second = browser.newTab();
        browser.open("http://127.0.0.1:" + server.port() + "/#room=tea&nick=bob");
        browser.click("#join");
        expectState("connected");
        expectLog("you joined: 2 people here");
        browser.type("#text", "hello ann, <b>bold</b> \u20ac\n");
        expectLog("bobhello ann, <b>bold</b> \u20ac");

        browser.turnTo(first);
        expectLog("bob joined: 2 people here");
        expectLog("bobhello ann, <b>bold</b> \u20ac");
        assertEquals("bob", browser.eval("[...document.querySelectorAll('#log b')].map(e => e.textContent).join()"),
                "what people say is never markup");
        browser.type("#text", "hello bob");
        browser.click("#send");
        expectLog("annhello bob");
        assertEquals("", browser.eval("document.querySelector('#text').value"));

        browser.turnTo(second);
        expectLog("annhello bob");
        browser.click("#leave");
        expectState("not connected");
        browser.turnTo(first);
        expectLog("bob left: you are alone here");
        assertEquals("", browser.complaints());
        server.stop();
    }

    @Test
    void shouldComeBackWhenTheServerDoes() throws Exception {
        join("ann", "tea");
        server.stop();
        Await.until("the page sees the loss", () -> browser.eval("document.querySelector('#state').dataset.state").equals("waiting"));
        expectLog("connection lost (1001)");
        server.start();
        expectState("connected");
        browser.type("#text", "here again\n");
        expectLog("annhere again");
        server.stop();
    }

    @Test
    void shouldEchoTextBinaryAndAMebibyte() throws Exception {
        assertEquals("h\u00e9llo \ud83d\ude00", talk("/echo", "s.send('h\u00e9llo \\u{1f600}')", "resolve(e.data)"));
        assertEquals("0,127,255", talk("/echo", "s.send(new Uint8Array([0, 127, 255]))", "resolve(new Uint8Array(e.data))"));
        assertEquals("true", talk("/echo", "self.mib = new Uint8Array(1 << 20).map((_, i) => i * 31 >> 3); s.send(self.mib)",
                "const got = new Uint8Array(e.data); resolve(got.length === self.mib.length && got.every((v, i) => v === self.mib[i]))"));
        server.stop();
    }

    @Test
    void shouldCloseBothWays() throws Exception {
        assertEquals("closed 1000 true", talk("/echo", "s.close(1000)", ""));
        assertEquals("closed 3000 true", talk("/echo", "s.close(3000, 'good bye')", ""));
        assertEquals("closed 4999 true", talk("/echo", "s.close(4999)", ""));
        assertEquals("closed 1003 true", talk("/chat/js?nick=js", "s.send(new Uint8Array(1))", ""));
        assertEquals("closed 1009 true", talk("/chat/js?nick=js", "s.send('x'.repeat(10000))", ""));
        server.stop();
    }

    private String talk(String path, String onOpen, String onMessage) throws Exception {
        return browser.evalAsync(TALK.formatted(server.url() + path, onOpen, onMessage));
    }

    private void join(String nick, String room) throws Exception {
        browser.type("#nick", nick);
        browser.clear("#room");
        browser.type("#room", room);
        browser.click("#join");
        expectState("connected");
    }

    private void expectState(String text) throws Exception {
        Await.until("state " + text, () -> browser.eval("document.querySelector('#state').textContent").equals(text));
    }

    private void expectLog(String line) throws Exception {
        Await.until("line " + line,
                () -> browser.eval("[...document.querySelectorAll('#log li')].map(e => e.textContent).join('\\n')").lines()
                        .anyMatch(line::equals));
    }
}
