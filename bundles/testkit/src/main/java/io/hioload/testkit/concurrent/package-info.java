/**
 * Executors, workers, timers and a clock that do nothing until the test says so.
 */
@Export
@Version("0.1.0")
package io.hioload.testkit.concurrent;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
