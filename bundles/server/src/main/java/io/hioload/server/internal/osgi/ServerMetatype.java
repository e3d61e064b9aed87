package io.hioload.server.internal.osgi;

import io.hioload.control.ConfigKey;
import io.hioload.control.ConfigSchema;
import java.io.InputStream;
import java.util.List;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.ObjectClassDefinition;

/** A schema in the words of the OSGi Metatype Service (Compendium, chapter 105). Immutable; any thread. */
final class ServerMetatype implements ObjectClassDefinition {

    private final ConfigSchema schema;
    private final AttributeDefinition[] attributes;

    ServerMetatype(ConfigSchema schema) {
        this.schema = schema;
        List<ConfigKey> keys = schema.keys();
        attributes = new AttributeDefinition[keys.size()];
        for (int i = 0; i < attributes.length; i++) {
            attributes[i] = new Attribute(keys.get(i));
        }
    }

    @Override
    public String getName() {
        return schema.title();
    }

    @Override
    public String getID() {
        return schema.pid();
    }

    @Override
    public String getDescription() {
        return schema.title();
    }

    @Override
    public AttributeDefinition[] getAttributeDefinitions(int filter) {
        return filter == REQUIRED ? new AttributeDefinition[0] : attributes.clone();
    }

    @Override
    public InputStream getIcon(int size) {
        return null;
    }

    /** One key. Sizes and durations are texts, because they may have a unit. */
    private record Attribute(ConfigKey key) implements AttributeDefinition {

        @Override
        public String getName() {
            return key.name();
        }

        @Override
        public String getID() {
            return key.name();
        }

        @Override
        public String getDescription() {
            return key.description();
        }

        @Override
        public int getCardinality() {
            return 0;
        }

        @Override
        public int getType() {
            return switch (key.type()) {
                case BOOLEAN -> BOOLEAN;
                case NUMBER -> LONG;
                default -> STRING;
            };
        }

        @Override
        public String[] getOptionValues() {
            return key.options().isEmpty() ? null : key.options().toArray(String[]::new);
        }

        @Override
        public String[] getOptionLabels() {
            return getOptionValues();
        }

        @Override
        public String validate(String value) {
            try {
                key.parse(value);
                return "";
            } catch (IllegalArgumentException e) {
                return e.getMessage();
            }
        }

        @Override
        public String[] getDefaultValue() {
            return new String[]{key.defaultText()};
        }
    }
}
