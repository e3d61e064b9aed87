/** The comparison of servers behind {@code mvn -Pbench}. */
package io.hioload.bench.compare;
