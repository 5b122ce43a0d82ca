/**
 * The contract test of a storage. Whoever writes one extends {@code StorageContract} and lets all
 * of it pass.
 */
package cloud.klink.webhooks.sender.storage.contract;
