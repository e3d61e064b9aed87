/**
 * The WebSocket frame codec (RFC 6455, section 5) as the session sees it; the {@code protocol} bundle implements it.
 */
@Export
@Version("0.1.0")
package io.hioload.protocol;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
