package cloud.klink.webhooks.sender.storage.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

/** A data source whose connections can be told what to do when they are to commit. */
final class FaultyDataSource {
  private final DataSource database;
  private final AtomicReference<Commit> commit = new AtomicReference<>(Connection::commit);

  /** What happens when somebody commits. */
  interface Commit {
    void on(Connection connection) throws SQLException;
  }

  FaultyDataSource(DataSource database) {
    this.database = database;
  }

  /** From now on, this happens at each commit. */
  void onCommit(Commit effect) {
    commit.set(effect);
  }

  /** Commits, and then the answer is lost; once only. */
  void loseNextAnswer() {
    commit.set(connection -> {
      commit.set(Connection::commit);
      connection.commit();
      throw new SQLException("the connection broke", "08006");
    });
  }

  DataSource dataSource() {
    return proxy(
        DataSource.class,
        database,
        (method, result) ->
            result instanceof Connection made ? proxy(Connection.class, made, null) : result);
  }

  /** What becomes of a result. */
  private interface Result {
    Object of(Method method, Object result);
  }

  private <T> T proxy(Class<T> type, T target, Result results) {
    return type.cast(Proxy.newProxyInstance(
        FaultyDataSource.class.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          if (target instanceof Connection connection && method.getName().equals("commit")) {
            commit.get().on(connection);
            return null;
          }
          try {
            Object result = method.invoke(target, arguments);
            return results == null ? result : results.of(method, result);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        }));
  }
}
