/** Microbenchmarks of what the frame codec is made of, in its own package because it is not exported. */
package io.hioload.protocol.internal;
