/** The load generator behind {@code bin/hioload-bench}: the product's own client on its own reactors and transports. */
package io.hioload.bench.load;
