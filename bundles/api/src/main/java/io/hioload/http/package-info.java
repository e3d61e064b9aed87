/**
 * Plain HTTP/1.1 beside the WebSocket endpoints: small GET resources such as a page or a status document.
 */
@Export
@Version("0.1.0")
package io.hioload.http;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
