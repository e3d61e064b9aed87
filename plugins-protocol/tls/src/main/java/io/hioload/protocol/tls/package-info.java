/** TLS as a stage between transports and protocols. */
package io.hioload.protocol.tls;
