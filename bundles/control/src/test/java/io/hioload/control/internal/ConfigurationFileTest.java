package io.hioload.control.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationFileTest {

    @TempDir
    Path folder;

    @Test
    void shouldPartFactoryPidAndNameAtTheFirstTilde() {
        ConfigurationFile file = ConfigurationFile.of(new File("etc/io.hioload.server~a-b~c.cfg"));

        assertEquals(new ConfigurationFile("io.hioload.server", "a-b~c"), file);
        assertEquals("io.hioload.server~a-b~c", file.pid());
    }

    @Test
    void shouldLeaveFilesOfOtherNamesAlone() {
        assertTrue(ConfigurationFile.isOne(new File("a~b.cfg")));
        for (String other : new String[]{"a.cfg", "a-b.cfg", "a~b.config", "~b.cfg", "a~.cfg", "a~b.cfg.swp", "a~b.jar"}) {
            assertFalse(ConfigurationFile.isOne(new File(other)), other);
        }
    }

    @Test
    void shouldReadKeysAndValuesAndWhereTheyAreFrom() throws IOException {
        Path file = Files.writeString(folder.resolve("a~b.cfg"), "# comment\nport = 9001\nmotto: gr\u00fc\u00dfe\n\nempty=\n");

        Dictionary<String, Object> values = ConfigurationFile.read(file.toFile());

        assertEquals(4, values.size());
        assertEquals("9001", values.get("port"));
        assertEquals("gr\u00fc\u00dfe", values.get("motto"));
        assertEquals("", values.get("empty"));
        assertEquals(file.toFile().toURI().toString(), values.get("felix.fileinstall.filename"));
    }

    @Test
    void shouldNameTheFileWhenItCannotBeRead() throws IOException {
        Path latin = Files.write(folder.resolve("a~latin.cfg"), "motto=gr\u00fc\u00dfe".getBytes(StandardCharsets.ISO_8859_1));
        Path escape = Files.writeString(folder.resolve("a~escape.cfg"), "path=C:\\users");

        assertTrue(assertThrows(IOException.class, () -> ConfigurationFile.read(latin.toFile())).getMessage().startsWith("a~latin.cfg"));
        assertTrue(assertThrows(IOException.class, () -> ConfigurationFile.read(escape.toFile())).getMessage().startsWith("a~escape.cfg"));
    }
}
