/**
 * Starts the distribution: a Felix framework with the bundles of {@code lib/bundles}, configured from {@code etc} and
 * extended from {@code deploy}. It lies beside the framework on the class path and is not a bundle.
 */
package io.hioload.launcher;
