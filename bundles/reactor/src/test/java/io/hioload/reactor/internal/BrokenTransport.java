package io.hioload.reactor.internal;

import io.hioload.buffer.Buffer;
import io.hioload.transport.Status;
import io.hioload.transport.TransportLoop;
import io.hioload.transport.TransportProvider;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** A transport around another one, with faults that no real one has on command. */
final class BrokenTransport {

    static final String TRIGGER = "break here";
    private static final Object GO_ON = new Object();

    private BrokenTransport() {
    }

    /** Its loops throw when they are to send a certain text. */
    static TransportProvider whoseSendThrows(TransportProvider provider) {
        return around(provider, (self, method, arguments) -> {
            if (method.getName().equals("send") && isTrigger((Buffer) arguments[1], (int) arguments[2], (int) arguments[3])) {
                ((Buffer) arguments[1]).release();
                throw new IllegalStateException("test");
            }
            return GO_ON;
        });
    }

    /** Of all its loops, the second one that is to adopt a listener cannot. */
    static TransportProvider whoseSecondAdoptFails(TransportProvider provider) {
        AtomicInteger adopts = new AtomicInteger();
        return around(provider, (self, method, arguments) -> method.getName().equals("adoptListener") && adopts.incrementAndGet() == 2
                ? (Object) Status.NO_RESOURCES
                : GO_ON);
    }

    private static TransportProvider around(TransportProvider provider, InvocationHandler fault) {
        return proxy(TransportProvider.class, (self, method, arguments) -> {
            Object result = invoke(provider, method, arguments);
            return result instanceof TransportLoop loop ? around(loop, fault) : result;
        });
    }

    private static TransportLoop around(TransportLoop loop, InvocationHandler fault) {
        return proxy(TransportLoop.class, (self, method, arguments) -> {
            Object result = fault.invoke(loop, method, arguments);
            return result == GO_ON ? invoke(loop, method, arguments) : result;
        });
    }

    private static boolean isTrigger(Buffer buffer, int offset, int length) {
        return buffer.memory().getStringWithoutLengthUtf8(offset, length).equals(TRIGGER);
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            method.setAccessible(true);
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, handler));
    }
}
