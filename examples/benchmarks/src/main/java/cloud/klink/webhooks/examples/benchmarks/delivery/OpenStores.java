package cloud.klink.webhooks.examples.benchmarks.delivery;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Several storages that are open together. */
record OpenStores(List<Store> all) implements AutoCloseable {
  static OpenStores open(List<Stores> kinds) throws IOException, SQLException {
    OpenStores stores = new OpenStores(new ArrayList<>());
    try {
      for (Stores kind : kinds) {
        stores.all.add(kind.open());
      }
    } catch (IOException | SQLException | RuntimeException e) {
      stores.close();
      throw e;
    }
    return stores;
  }

  @Override
  public void close() {
    all.forEach(Store::close);
  }
}
