/**
 * What an operator sees and turns: configuration keys, schemas and numbered snapshots, counters, probes and traces.
 * Bundles publish, whoever wants to export finds.
 */
@Export
@Version("0.1.0")
package io.hioload.control;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
