package io.hioload.itest.osgi;

import static org.junit.Assert.assertEquals;

import java.util.Map;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;

/** A transport plugin that is added to a runtime that had only the portable one. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class TransportPluginIT {

    private static final String EPOLL_BUNDLE = "io.hioload.transport.epoll";
    private static final String IO_URING_BUNDLE = "io.hioload.transport.iouring";

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    @Configuration
    public Option[] container() {
        return Provisioning.allBut(EPOLL_BUNDLE, IO_URING_BUNDLE);
    }

    @Test
    public void shouldUseABetterTransportForNewServersWhenItsPluginIsAdded() throws Exception {
        Servers servers = new Servers(context, admin);
        int first = servers.start("first", Map.of("transport", "auto"));
        assertEquals("nio", Servers.transport(servers.control("first")));
        try (Client client = Client.open(first, "/echo")) {
            Bundle epoll = Provisioning.install(context, EPOLL_BUNDLE);
            int second = servers.start("second", Map.of("transport", "auto"));
            assertEquals("epoll", Servers.transport(servers.control("second")));
            try (Client other = Client.open(second, "/echo")) {
                assertEquals("over epoll", other.echo("over epoll"));
            }
            assertEquals("the old one runs on", client.echo("the old one runs on"));
            servers.delete("second");
            Await.until("the second server stops", () -> !servers.runs("second"));
            epoll.uninstall();
            servers.start("third", Map.of("transport", "auto"));
            assertEquals("nio", Servers.transport(servers.control("third")));
        } finally {
            servers.stopAll();
        }
    }
}
