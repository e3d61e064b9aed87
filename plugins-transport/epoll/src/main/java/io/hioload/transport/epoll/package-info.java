/** Linux epoll, called by the foreign function API: no native library of our own, no allocation in a steady loop. */
package io.hioload.transport.epoll;
