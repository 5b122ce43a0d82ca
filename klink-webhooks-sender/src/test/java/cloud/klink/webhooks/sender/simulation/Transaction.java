package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.sender.storage.NewEvent;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A caller's transaction: what is published in it is stored when it is committed. */
final class Transaction {
  private final List<Part> parts = new ArrayList<>();
  private final Connection connection = (Connection) Proxy.newProxyInstance(
      Holder.class.getClassLoader(),
      new Class<?>[] {Connection.class, Holder.class},
      (proxy, method, arguments) -> {
        if (method.getDeclaringClass() == Holder.class) {
          return this;
        }
        throw new UnsupportedOperationException("the sender leaves a caller's connection alone");
      });

  /** Leads from the connection to its transaction. */
  interface Holder {
    Transaction transaction();
  }

  /** What one call published. */
  record Part(List<NewEvent> events, Supplier<String> ids) {}

  Connection connection() {
    return connection;
  }

  static Transaction of(Connection connection) {
    return ((Holder) connection).transaction();
  }

  void add(List<NewEvent> events, Supplier<String> ids) {
    parts.add(new Part(events, ids));
  }

  List<Part> parts() {
    return parts;
  }
}
