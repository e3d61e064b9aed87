package io.hioload.itest.fuzz;

import io.hioload.control.ConfigException;
import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSchema;
import io.hioload.control.ConfigSnapshot;
import io.hioload.server.internal.ServerSchema;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * A server's configuration as an operator writes it: what is wrong is refused with its documented exception, and what is
 * right is the same when it is written out again. One thread.
 */
public final class ConfigFuzz {

    private ConfigFuzz() {
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException, ConfigException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(new String(data, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            return; // a broken Unicode escape is the reader's to refuse
        }
        Map<String, String> raw = new HashMap<>();
        properties.forEach((key, value) -> raw.put((String) key, (String) value));
        ConfigSchema schema = ServerSchema.schema();
        ConfigSnapshot snapshot;
        try {
            snapshot = schema.validate(1, "fuzz", raw);
        } catch (ConfigException e) {
            if (e.problems().isEmpty()) {
                throw new AssertionError("refused without a word", e);
            }
            return;
        }
        Map<String, String> written = new HashMap<>();
        for (ConfigKey key : schema.keys()) {
            if (snapshot.values().containsKey(key.name())) {
                written.put(key.name(), key.text(snapshot.values().get(key.name())));
            }
        }
        ConfigSnapshot again = schema.validate(2, "fuzz", written);
        if (!again.changedSince(snapshot).isEmpty()) {
            throw new AssertionError("written as " + written + ", but read as " + again);
        }
    }
}
