package io.hioload.server.internal;

import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSchema;
import java.util.Locale;

/** A schema as a Markdown table, for the README and for whoever asks the running server. */
public final class OptionTable {

    private OptionTable() {
    }

    /**
     * Renders the table.
     *
     * @param schema whose keys to show
     * @return a header and one line for each key, each line ended by a line feed
     */
    public static String markdown(ConfigSchema schema) {
        StringBuilder table = new StringBuilder("| key | default | allowed | takes effect | what it is |\n|---|---|---|---|---|\n");
        for (ConfigKey key : schema.keys()) {
            table.append("| `").append(key.name()).append("` | `").append(key.defaultText()).append("` | ").append(cell(key.allowed()))
                    .append(" | ").append(key.effect().name().toLowerCase(Locale.ROOT).replace('_', ' ')).append(" | ")
                    .append(cell(key.description())).append(" |\n");
        }
        return table.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
