package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.contract.StorageContract;

/** The storage in memory does what every storage must. */
class InMemoryStorageContractTest extends StorageContract {
  private final Storage storage = new InMemoryStorage();

  @Override
  public Storage storage() {
    return storage;
  }
}
