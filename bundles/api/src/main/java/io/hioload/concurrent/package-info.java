/**
 * Queues, batches, workers and timers: {@link io.hioload.concurrent.Ring}, {@link io.hioload.concurrent.Batch},
 * {@link io.hioload.concurrent.WorkerPool}, {@link io.hioload.concurrent.Scheduler} and
 * {@link io.hioload.concurrent.Cancelable}. An executor is a {@link java.util.concurrent.Executor} and a result is a
 * {@link java.util.concurrent.CompletionStage}: the JDK's own contracts are used where it has them.
 */
@Export
@Version("0.1.0")
package io.hioload.concurrent;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
