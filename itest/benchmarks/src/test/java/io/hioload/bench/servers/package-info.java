/** Echo servers, one for each process: this product's and those that it is compared with, each with one event loop. */
package io.hioload.bench.servers;
