package io.hioload.reactor;

import io.hioload.affinity.Affinity;
import io.hioload.buffer.BufferPoolProvider;
import io.hioload.protocol.FrameCodecProvider;
import io.hioload.protocol.MessageExtensionProvider;
import io.hioload.transport.TransportProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a server or a client is put together from. In OSGi the parts are services; outside, {@link #load} finds them.
 * Immutable; any thread.
 *
 * @param transports every transport there is, usable or not
 * @param pools      makes its memory
 * @param reactors   makes its event loops
 * @param affinity   places its threads
 * @param codecs     makes its WebSocket codecs
 * @param extensions every extension of messages there is, usable or not, best first
 * @param stages     every stage for connections there is
 */
public record RuntimeProviders(List<TransportProvider> transports, BufferPoolProvider pools, ReactorProvider reactors,
        Affinity affinity, FrameCodecProvider codecs, List<MessageExtensionProvider> extensions, List<ConnectionStageProvider> stages) {

    /** What Agrona 2 needs to reach memory. */
    private static final String OPEN_FLAG = "--add-opens java.base/jdk.internal.misc=ALL-UNNAMED";
    /** What native calls need where the JVM denies them by default. */
    private static final String NATIVE_FLAG = "--enable-native-access=ALL-UNNAMED";

    /**
     * Copies the lists.
     *
     * @throws NullPointerException if a part is {@code null}
     */
    public RuntimeProviders {
        transports = List.copyOf(transports);
        extensions = List.copyOf(extensions);
        stages = List.copyOf(stages);
    }

    /**
     * Parts without extensions and stages.
     *
     * @param transports as above
     * @param pools      as above
     * @param reactors   as above
     * @param affinity   as above
     * @param codecs     as above
     * @throws NullPointerException if a part is {@code null}
     */
    public RuntimeProviders(List<TransportProvider> transports, BufferPoolProvider pools, ReactorProvider reactors, Affinity affinity,
            FrameCodecProvider codecs) {
        this(transports, pools, reactors, affinity, codecs, List.of(), List.of());
    }

    /**
     * Finds a stage.
     *
     * @param name of the stage, such as {@code tls}
     * @return its provider, or {@code null} if it is not there
     */
    public ConnectionStageProvider stage(String name) {
        return stages.stream().filter(stage -> stage.name().equals(name)).findFirst().orElse(null);
    }

    /**
     * The same with other transports.
     *
     * @param now all there are
     * @return other parts
     */
    public RuntimeProviders withTransports(List<TransportProvider> now) {
        return new RuntimeProviders(now, pools, reactors, affinity, codecs, extensions, stages);
    }

    /**
     * The same with other extensions.
     *
     * @param now all there are, best first
     * @return other parts
     */
    public RuntimeProviders withExtensions(List<MessageExtensionProvider> now) {
        return new RuntimeProviders(transports, pools, reactors, affinity, codecs, now, stages);
    }

    /**
     * The same with other stages.
     *
     * @param now all there are
     * @return other parts
     */
    public RuntimeProviders withStages(List<ConnectionStageProvider> now) {
        return new RuntimeProviders(transports, pools, reactors, affinity, codecs, extensions, now);
    }

    /**
     * Finds the parts on a class path.
     *
     * @param loader where to look
     * @return the parts
     * @throws IllegalStateException if a part is not there or the JVM was started without a flag that is needed; says
     *                               which
     */
    public static RuntimeProviders load(ClassLoader loader) {
        if (!Object.class.getModule().isOpen("jdk.internal.misc", UnsafeBuffer.class.getModule())) {
            throw new IllegalStateException("start java with " + OPEN_FLAG + " (and " + NATIVE_FLAG + "): Agrona needs it to reach memory");
        }
        try {
            List<TransportProvider> transports = new ArrayList<>();
            ServiceLoader.load(TransportProvider.class, loader).forEach(transports::add);
            List<MessageExtensionProvider> extensions = new ArrayList<>();
            ServiceLoader.load(MessageExtensionProvider.class, loader).forEach(extensions::add);
            List<ConnectionStageProvider> stages = new ArrayList<>();
            ServiceLoader.load(ConnectionStageProvider.class, loader).forEach(stages::add);
            return new RuntimeProviders(transports, one(BufferPoolProvider.class, loader, "io.hioload.pool"),
                    one(ReactorProvider.class, loader, "io.hioload.reactor"), one(Affinity.class, loader, "io.hioload.affinity"),
                    one(FrameCodecProvider.class, loader, "io.hioload.protocol"), extensions, stages);
        } catch (ServiceConfigurationError e) {
            throw explain(e);
        }
    }

    private static <T> T one(Class<T> type, ClassLoader loader, String artifact) {
        return ServiceLoader.load(type, loader).findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + type.getSimpleName() + " on the class path: add " + artifact));
    }

    /**
     * Says what to do about a failure to start that a JVM flag would have prevented.
     *
     * @param failure whatever was thrown
     * @return an exception that names the flag, or one that only passes the failure on
     */
    public static IllegalStateException explain(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalCallerException) {
                return new IllegalStateException("start java with " + NATIVE_FLAG + ": " + cause.getMessage(), failure);
            }
        }
        return new IllegalStateException(failure.getMessage(), failure);
    }
}
