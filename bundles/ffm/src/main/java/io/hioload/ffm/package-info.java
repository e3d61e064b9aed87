/**
 * How a native function is linked ({@link io.hioload.ffm.Native}), how errno comes back ({@link io.hioload.ffm.Errno})
 * and how raw memory is touched ({@link io.hioload.ffm.Memory}). Mechanism only: what to call and when is for the
 * bundles that import this package. Every class here loads on every operating system; what is not there is found out
 * when it is asked for.
 */
@Export
@Version("0.1.0")
package io.hioload.ffm;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
