/** Microbenchmarks, through the contracts of the api with the implementations that a user gets. */
package io.hioload.bench.jmh;
