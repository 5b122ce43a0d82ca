package cloud.klink.webhooks.sender.storage.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/** A database whose answers to commits get lost, while that is switched on. */
record LostAnswers(DataSource database, AtomicBoolean losing) {
  DataSource dataSource() {
    return proxy(DataSource.class, database);
  }

  private <T> T proxy(Class<T> type, Object target) {
    InvocationHandler handler = (proxy, method, arguments) -> {
      Object result;
      try {
        result = method.invoke(target, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
      boolean isCommit = method.getName().equals("commit")
          || (arguments != null && arguments.length > 0 && "COMMIT".equals(arguments[0]));
      if (isCommit && losing.get()) {
        throw new SQLException("the answer got lost", "08006");
      }
      if (result instanceof Connection) {
        return proxy(Connection.class, result);
      }
      return result instanceof Statement && method.getName().equals("createStatement")
          ? proxy(Statement.class, result)
          : result;
    };
    return type.cast(
        Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {type}, handler));
  }
}
