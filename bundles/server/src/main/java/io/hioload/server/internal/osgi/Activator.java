package io.hioload.server.internal.osgi;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Makes the stop of this bundle, and so of the framework, wait until the servers have drained. Declarative Services
 * deactivates {@link ServerManager} first (on the STOPPING event), which only enqueues the stop of every server; then the
 * framework calls {@link #stop} here, which may take its time because no SCR lock is held.
 *
 * <p>The stop of any other bundle waits, too, until the servers have let go of what it gave them (OSGi Core, section 4.7.3: a
 * synchronous listener is called before the stop returns): an update or uninstall that follows takes the classes away, and a
 * reactor that still drains could not load the ones that only its end needs.
 */
public final class Activator implements BundleActivator {

    /** Every task on the control thread is bounded by a drain timeout, of which this is the longest, and a margin. */
    private static final long LIMIT_MS = 630_000;

    private ControlThread control;
    private ServiceRegistration<ControlThread> registration;

    /** Made by the framework. */
    public Activator() {
    }

    @Override
    public void start(BundleContext context) {
        control = new ControlThread();
        registration = context.registerService(ControlThread.class, control, null);
        context.addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STOPPED) {
                control.settle(LIMIT_MS);
            }
        });
    }

    @Override
    public void stop(BundleContext context) {
        control.close(LIMIT_MS);
        registration.unregister();
    }
}
