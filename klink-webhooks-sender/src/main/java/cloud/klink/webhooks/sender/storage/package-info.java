/**
 * What the sender needs of a storage. Whoever writes another one lets it pass the contract test.
 */
@NullMarked
package cloud.klink.webhooks.sender.storage;

import org.jspecify.annotations.NullMarked;
