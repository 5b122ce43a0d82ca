package outside;

import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.contract.StorageContract;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;

/** One dependency is enough to run the contract. */
class MemoryStorageTest extends StorageContract {

  private final Storage storage = new InMemoryStorage();

  @Override
  public Storage storage() {
    return storage;
  }
}
