package io.hioload.bench.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import io.hioload.control.Counter;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmptyCountersTest {

    @Test
    void shouldCountNothingWhenWritten(@TempDir Path folder) throws Exception {
        URL[] place = {EmptyCounters.write(folder).toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(place, ClassLoader.getPlatformClassLoader())) {
            Class<?> empty = loader.loadClass(Counter.class.getName());
            assertNotSame(Counter.class, empty);
            Constructor<?> constructor = empty.getDeclaredConstructor(String.class);
            constructor.setAccessible(true);
            Object counter = constructor.newInstance("a");
            empty.getMethod("increment").invoke(counter);
            empty.getMethod("add", long.class).invoke(counter, 5L);
            assertEquals(0L, empty.getMethod("get").invoke(counter));
            assertEquals("a", empty.getMethod("name").invoke(counter));
        }
    }
}
