/** What the sender needs of a storage. Every implementation must pass the contract test. */
@NullMarked
package cloud.klink.webhooks.sender.storage;

import org.jspecify.annotations.NullMarked;
