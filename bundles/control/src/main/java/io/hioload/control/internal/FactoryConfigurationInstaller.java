package io.hioload.control.internal;

import java.io.File;
import java.io.IOException;

import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Hands files {@code <factory PID>~<name>.cfg} to Config Admin. File Install itself parts factory PID and name only at a
 * hyphen and would take such a file for the configuration of one PID with a tilde in it. Called by File Install, on the
 * thread that watches the folder.
 */
@Component(property = Constants.SERVICE_RANKING + ":Integer=100")
public final class FactoryConfigurationInstaller implements ArtifactInstaller {

    private static final String ANY_LOCATION = "?";

    private final ConfigurationAdmin admin;

    /**
     * Made by Declarative Services.
     *
     * @param admin takes the configurations
     */
    @Activate
    public FactoryConfigurationInstaller(@Reference ConfigurationAdmin admin) {
        this.admin = admin;
    }

    @Override
    public boolean canHandle(File file) {
        return ConfigurationFile.isOne(file);
    }

    @Override
    public void install(File file) throws IOException {
        update(file);
    }

    /** A file that cannot be read changes nothing; File Install logs the exception and waits for the next change. */
    @Override
    public void update(File file) throws IOException {
        ConfigurationFile named = ConfigurationFile.of(file);
        admin.getFactoryConfiguration(named.factoryPid(), named.name(), ANY_LOCATION).updateIfDifferent(ConfigurationFile.read(file));
    }

    @Override
    public void uninstall(File file) throws IOException, InvalidSyntaxException {
        Configuration[] configurations = admin
                .listConfigurations("(" + Constants.SERVICE_PID + "=" + ConfigurationFile.of(file).pid() + ")");
        if (configurations != null) {
            configurations[0].delete();
        }
    }
}
