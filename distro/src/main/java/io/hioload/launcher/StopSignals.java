package io.hioload.launcher;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Turns SIGINT, SIGTERM and, where asked for, the end of the parent process into one orderly stop.
 *
 * <p>Not a shutdown hook: hooks run beside the one that closes java.util.logging, which would swallow what is said while
 * draining, and the JVM would then exit with 130 or 143 although all went well.
 */
final class StopSignals {

    private static final int EXIT_INTERRUPTED = 130;

    private final Runnable stop;
    private final AtomicBoolean interrupted = new AtomicBoolean();

    private StopSignals(Runnable stop) {
        this.stop = stop;
    }

    /**
     * Listens from now on.
     *
     * @param stop       returns at once; called at least once, on any thread
     * @param withParent whether the end of the parent process counts
     */
    static void listen(Runnable stop, boolean withParent) {
        StopSignals signals = new StopSignals(stop);
        signals.handle();
        if (withParent) {
            ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(stop));
        }
    }

    private void handle() {
        onSignal("TERM", stop);
        onSignal("INT", () -> {
            // Whoever presses Ctrl-C again does not want to wait for the drain.
            if (interrupted.getAndSet(true)) {
                Runtime.getRuntime().halt(EXIT_INTERRUPTED);
            }
            stop.run();
        });
    }

    /** By reflection: the JDK keeps sun.misc.Signal for want of a replacement, but the compiler's warning cannot be turned off. */
    private static void onSignal(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object runAction = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[]{handler}, (proxy, method, arguments) -> {
                action.run();
                return null;
            });
            signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance(name), runAction);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM cannot listen to signal " + name, e);
        }
    }
}
