/**
 * The policies as pure functions: when to retry, when to pause, how fast to send, and which
 * endpoints may be connected to. No clock, no I/O.
 */
@NullMarked
package cloud.klink.webhooks.sender.policy;

import org.jspecify.annotations.NullMarked;
