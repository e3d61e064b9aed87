/**
 * A {@link io.hioload.websocket.Session} that writes down what a handler does to it.
 */
@Export
@Version("0.1.0")
package io.hioload.testkit.websocket;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
