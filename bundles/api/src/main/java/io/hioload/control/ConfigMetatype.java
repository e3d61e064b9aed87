package io.hioload.control;

import java.io.InputStream;
import java.util.List;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.ObjectClassDefinition;

/**
 * A schema in the words of the OSGi Metatype Service (Compendium, chapter 105), for whoever registers a MetaTypeProvider.
 * Immutable; any thread. Plain Java has no use for it and need not have the Metatype Service's package.
 */
public final class ConfigMetatype implements ObjectClassDefinition {

    private final ConfigSchema schema;
    private final AttributeDefinition[] attributes;

    /**
     * Shows a schema.
     *
     * @param schema what to show
     */
    public ConfigMetatype(ConfigSchema schema) {
        this.schema = schema;
        List<ConfigKey> keys = schema.keys();
        attributes = new AttributeDefinition[keys.size()];
        for (int i = 0; i < attributes.length; i++) {
            attributes[i] = new Attribute(keys.get(i));
        }
    }

    /**
     * What it shows.
     *
     * @return the schema
     */
    public ConfigSchema schema() {
        return schema;
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
