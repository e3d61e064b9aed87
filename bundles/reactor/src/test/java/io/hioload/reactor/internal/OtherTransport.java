package io.hioload.reactor.internal;

import io.hioload.transport.Availability;
import io.hioload.transport.LoopContext;
import io.hioload.transport.TransportException;
import io.hioload.transport.TransportLoop;
import io.hioload.transport.TransportProvider;

/** A transport under another name, and maybe with handles of another kind. */
record OtherTransport(TransportProvider of, String name, String handleKind) implements TransportProvider {

    OtherTransport(TransportProvider of, String name) {
        this(of, name, of.handleKind());
    }

    @Override
    public int preference() {
        return of.preference();
    }

    @Override
    public long capabilities() {
        return of.capabilities();
    }

    @Override
    public Availability availability() {
        return of.availability();
    }

    @Override
    public TransportLoop open(LoopContext context) throws TransportException {
        return of.open(context);
    }

    @Override
    public void discard(long handle) {
        of.discard(handle);
    }
}
