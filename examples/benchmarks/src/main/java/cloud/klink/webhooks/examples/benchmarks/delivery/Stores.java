package cloud.klink.webhooks.examples.benchmarks.delivery;

import java.io.IOException;
import java.sql.SQLException;

/** The storages that can be measured; named as on the command line. */
enum Stores {
  memory {
    @Override
    Store open() {
      return new MemoryStore();
    }
  },
  sqlite {
    @Override
    Store open() throws IOException {
      return new SqliteStore();
    }
  },
  postgres {
    @Override
    Store open() throws IOException, SQLException {
      return new PostgresStore();
    }
  };

  abstract Store open() throws IOException, SQLException;
}
