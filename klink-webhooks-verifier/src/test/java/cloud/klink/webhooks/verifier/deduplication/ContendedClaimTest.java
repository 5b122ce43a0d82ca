package cloud.klink.webhooks.verifier.deduplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** A claim whose insert always comes too late, in a table where the row is always gone again. */
class ContendedClaimTest {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");

  @Test
  void claim_thatOthersAlwaysBeat_isInProgress() throws SQLException {
    assertThat(ClaimState.of(claim(new SQLException("taken", "23505"))))
        .isEqualTo(ClaimState.IN_PROGRESS);
    assertThat(ClaimState.of(claim(new SQLException("rolled back", "40001"))))
        .isEqualTo(ClaimState.IN_PROGRESS);
  }

  @Test
  void claim_thatTheDatabaseRefuses_fails() {
    assertThatThrownBy(() -> claim(new SQLException("no right to insert", "42501")))
        .isInstanceOf(ProcessedEventsException.class)
        .hasRootCauseMessage("no right to insert");
    assertThatThrownBy(() -> claim(new SQLException("no state")))
        .isInstanceOf(ProcessedEventsException.class)
        .hasRootCauseMessage("no state");
  }

  private static Claim claim(SQLException refusal) throws SQLException {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID());
    try (Connection connection = database.getConnection()) {
      new JdbcProcessedEvents(new OneConnection(connection)).migrate();
      OneConnection refusing = new OneConnection(refusingInserts(connection, refusal));
      JdbcProcessedEvents memory = new JdbcProcessedEvents(refusing);
      return memory.claim("evt_1", NOW, NOW.plusSeconds(25));
    }
  }

  private static Connection refusingInserts(Connection connection, SQLException refusal) {
    return (Connection) Proxy.newProxyInstance(
        ContendedClaimTest.class.getClassLoader(),
        new Class<?>[] {Connection.class},
        (proxy, method, arguments) -> {
          if (arguments != null && arguments[0] instanceof String sql && sql.startsWith("INSERT")) {
            throw refusal;
          }
          try {
            return method.invoke(connection, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  @Test
  void claim_whoseConnectionCannotBeClosed_isMade() throws SQLException {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    JdbcProcessedEvents memory = new JdbcProcessedEvents((DataSource) Proxy.newProxyInstance(
        ContendedClaimTest.class.getClassLoader(),
        new Class<?>[] {DataSource.class},
        (proxy, method, arguments) -> failingToClose(database.getConnection())));
    memory.migrate();

    Claim claim = memory.claim("evt_1", NOW, NOW.plusSeconds(25));

    assertThat(ClaimState.of(claim)).isEqualTo(ClaimState.NEW);
    assertThat(memory.done(claim, NOW)).isTrue();
    assertThat(ClaimState.of(memory.claim("evt_1", NOW, NOW.plusSeconds(25))))
        .isEqualTo(ClaimState.DONE);
  }

  private static Connection failingToClose(Connection connection) {
    return (Connection) Proxy.newProxyInstance(
        ContendedClaimTest.class.getClassLoader(),
        new Class<?>[] {Connection.class},
        (proxy, method, arguments) -> {
          try {
            Object result = method.invoke(connection, arguments);
            if (method.getName().equals("close")) {
              throw new SQLException("the connection was lost while it was given back", "08006");
            }
            return result;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }
}
