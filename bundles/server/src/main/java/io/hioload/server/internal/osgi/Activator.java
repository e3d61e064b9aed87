package io.hioload.server.internal.osgi;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/**
 * Makes the stop of this bundle, and so of the framework, wait until the servers have drained. Declarative Services
 * deactivates {@link ServerManager} first (on the STOPPING event), which only enqueues the stop of every server; then the
 * framework calls {@link #stop} here, which may take its time because no SCR lock is held.
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
    }

    @Override
    public void stop(BundleContext context) {
        control.close(LIMIT_MS);
        registration.unregister();
    }
}
