/**
 * The SPI by which the sender stores webhooks, events and deliveries. Every implementation must
 * pass the contract test.
 */
@NullMarked
package cloud.klink.webhooks.sender.storage;

import org.jspecify.annotations.NullMarked;
