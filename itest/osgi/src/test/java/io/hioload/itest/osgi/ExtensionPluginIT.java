package io.hioload.itest.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.lang.ref.WeakReference;
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
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.cm.ConfigurationAdmin;

/** The compression plugin comes, is used, and goes under a running server. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ExtensionPluginIT {

    private static final String DEFLATE_BUNDLE = "io.hioload.protocol.deflate";
    private static final String TEXT = "{\"id\":17,\"name\":\"item 17\",\"price\":21.25},".repeat(40);

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    @Configuration
    public Option[] container() {
        return Provisioning.allBut(DEFLATE_BUNDLE);
    }

    @Test
    public void shouldCloseWith1012AndBeForgottenWhenPluginGoesWhileSessionsUseIt() throws Exception {
        Servers servers = new Servers(context, admin);
        // A key of a plugin that is not there yet is kept.
        int port = servers.start("extended", Map.of("reactors", 1, "extension.deflate.takeover.own", true,
                "extension.deflate.takeover.peer", true));
        try (DeflatePeer plain = new DeflatePeer(port)) {
            assertFalse(plain.agreed());
            for (int round = 0; round < 3; round++) {
                Bundle bundle = Provisioning.install(context, DEFLATE_BUNDLE);
                Await.until("the plugin is used", () -> isAgreed(port));
                WeakReference<ClassLoader> loader = new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
                try (DeflatePeer peer = new DeflatePeer(port)) {
                    for (int i = 0; i < 3; i++) {
                        assertEquals(i + TEXT, peer.echo(i + TEXT));
                    }
                    bundle.uninstall();
                    assertEquals(1012, peer.closeCode());
                }
                bundle = null;
                Await.until("its class loader is free", () -> {
                    System.gc();
                    return loader.get() == null;
                });
                assertFalse(isAgreed(port));
                assertTrue(plain.isOpen());
            }
        } finally {
            servers.stopAll();
        }
    }

    private static boolean isAgreed(int port) throws Exception {
        try (DeflatePeer peer = new DeflatePeer(port)) {
            return peer.agreed();
        }
    }
}
