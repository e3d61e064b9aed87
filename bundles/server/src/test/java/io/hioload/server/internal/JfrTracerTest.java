package io.hioload.server.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hioload.control.Tracer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JfrTracerTest {

    @Test
    void shouldRecordOneEventForEachCall(@TempDir Path folder) throws Exception {
        JfrTracer tracer = new JfrTracer();
        Path file = folder.resolve("trace.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            tracer.sessionOpened(7, "/echo", "127.0.0.1:1");
            tracer.sessionClosed(7, 1000, "done");
            tracer.requestRefused(8, 404, "no endpoint");
            tracer.handlerFailed(9, new IllegalStateException("broken"));
            recording.stop();
            recording.dump(file);
        }
        List<String> names = new ArrayList<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            if (event.getEventType().getName().startsWith("hioload.")) {
                names.add(event.getEventType().getName() + " " + event.getLong("connection"));
            }
        }
        assertEquals(new TreeSet<>(List.of("hioload.SessionOpened 7", "hioload.SessionClosed 7", "hioload.RequestRefused 8",
                "hioload.HandlerFailed 9")), new TreeSet<>(names));
        assertEquals(4, names.size());
        Files.delete(file);
    }

    @Test
    void shouldWantSessionsOnlyWhileTheyAreRecorded() {
        TracerChain chain = new TracerChain();
        chain.set(List.of(new JfrTracer()));
        assertFalse(chain.wantsSessionOpened());
        try (Recording recording = new Recording()) {
            recording.start();
            assertTrue(chain.wantsSessionOpened());
            recording.stop();
        }
        assertFalse(chain.wantsSessionOpened());
        chain.set(List.of(new JfrTracer(), new Tracer() {
        }));
        assertTrue(chain.wantsSessionOpened());
    }

    @Test
    void shouldTellTheOthersWhenOneTracerThrows() {
        List<Integer> told = new ArrayList<>();
        TracerChain chain = new TracerChain();
        chain.set(List.of(new Tracer() {
            @Override
            public void sessionClosed(long id, int code, String reason) {
                throw new NoClassDefFoundError("of a removed bundle");
            }
        }, new Tracer() {
            @Override
            public void sessionClosed(long id, int code, String reason) {
                told.add(code);
            }
        }));
        chain.sessionClosed(1, 1001, "");
        assertEquals(List.of(1001), told);
    }
}
