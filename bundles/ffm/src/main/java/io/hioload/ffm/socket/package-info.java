/**
 * Linux sockets by the foreign function API: the system calls ({@link io.hioload.ffm.socket.Sockets}), their addresses
 * ({@link io.hioload.ffm.socket.SocketAddresses}) and the eventfd that ends a wait ({@link io.hioload.ffm.socket.Wakeup}).
 * Mechanism only: results are those of the system, and what they mean is for the bundles that import this package.
 * Elsewhere than on Linux the classes load, but their first use may fail with a {@link LinkageError}; see
 * {@link io.hioload.ffm.Native}.
 */
@Export
@Version("0.1.0")
package io.hioload.ffm.socket;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
