/**
 * HTTP/1.1 message heads (RFC 9112) and the WebSocket opening handshake (RFC 6455, section 4) over memory, for the server
 * and the client. Strict: what is ambiguous is refused. Knows no transport and no session.
 */
@Export
@Version("0.1.0")
package io.hioload.protocol.http1;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
