package io.hioload.launcher;

import java.lang.System.Logger.Level;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;

/** Says in one line which bundle could not be started, or failed otherwise, and why. Called on the framework's event thread. */
final class BundleProblems implements FrameworkListener {

    private static final System.Logger LOG = System.getLogger("io.hioload.launcher");

    @Override
    public void frameworkEvent(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.ERROR) {
            Bundle bundle = event.getBundle();
            Throwable thrown = event.getThrowable();
            String what = thrown instanceof BundleException ? "cannot start" : "failed";
            LOG.log(Level.ERROR, "{0} {1} {2}: {3}", bundle.getSymbolicName(), bundle.getVersion(), what, reason(thrown));
        }
    }

    /** The messages from the outermost to the cause; a framework wraps what an activator threw. */
    static String reason(Throwable thrown) {
        StringBuilder text = new StringBuilder(String.valueOf(thrown.getMessage()));
        for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            text.append(": ").append(cause);
        }
        return text.toString();
    }
}
