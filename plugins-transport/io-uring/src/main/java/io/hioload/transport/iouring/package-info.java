/** The transport for recent Linux, on raw io_uring by the foreign function API, without a native library. */
package io.hioload.transport.iouring;
