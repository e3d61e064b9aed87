/** The portable transport, on the channels and selectors of the JDK: runs wherever Java runs. */
package io.hioload.transport.nio;
