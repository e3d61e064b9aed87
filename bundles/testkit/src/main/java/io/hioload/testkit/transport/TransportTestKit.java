package io.hioload.testkit.transport;

import io.hioload.transport.TransportProvider;

/**
 * What every transport must do, as tests. A plugin's test class extends this, says which provider to test, and needs
 * nothing else; the cases are inherited. They talk to real sockets on the loopback addresses, always on ports that the
 * system chooses, and every wait has a deadline.
 *
 * <p>Each case ends with a check that every connection ended exactly once, after all of its sends, and that every buffer
 * came back.
 */
public abstract class TransportTestKit extends ResourceCases {

    /** For subclasses. */
    protected TransportTestKit() {
    }

    /**
     * The transport under test; must be usable on this machine.
     *
     * @return the provider, a new one or always the same
     */
    @Override
    protected abstract TransportProvider provider();
}
