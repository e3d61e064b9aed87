/** The quick form of the benchmarks, part of every build. */
package io.hioload.bench.quick;
