package cloud.klink.webhooks.sender.storage.jdbc;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Java of RUNNING.md is code that is compiled, and its SQL does what the page says. */
class RunningPageTest {
  private static final Path PAGE = Path.of("RUNNING.md");
  private static final Path SOURCE =
      Path.of("src/test/java/cloud/klink/webhooks/sender/storage/jdbc/FailoverTest.java");

  @Test
  void page_javaBlocks_standInCompiledSources() throws IOException {
    List<String> blocks = blocks("java");

    assertThat(blocks).hasSize(1);
    assertThat(unindented(Files.readString(SOURCE))).contains(unindented(blocks.get(0)));
  }

  @Test
  void page_sql_archivesWhatHasFinishedInAMonth() throws IOException, SQLException {
    try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
      JdbcStorage storage = JdbcStorage.postgresql(server.getPostgresDatabase());
      storage.migrate();
      storage.insert(JdbcTestData.webhook("w1"));
      JdbcTestData.publish(storage, "finished", 1);
      storage.record(
          JdbcTestData.claim(storage, JdbcTestData.NOW, 9).deliveries().stream()
              .map(JdbcTestData::failure)
              .toList(),
          Map.of(),
          JdbcTestData.NOW);
      JdbcTestData.publish(storage, "waiting", 1);

      try (Connection connection = server.getPostgresDatabase().getConnection()) {
        for (String statement : blocks("sql").get(0).split(";\\s*\n", -1)) {
          if (!statement.isBlank()) {
            Sql.execute(connection, statement);
          }
        }
        assertThat(Sql.query(
                connection,
                """
                SELECT delivery ->> 'event_id',
                    jsonb_array_length(failed_attempts) + num_nonnulls(delivery ->> 'started_at'),
                    length(body)
                FROM delivery_archive_2026_07
                """,
                row -> row.getString(1) + " " + row.getInt(2) + " " + row.getInt(3)))
            .containsExactly("finished0 1 100");
      }
    }
  }

  private static List<String> blocks(String language) throws IOException {
    Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(PAGE));
    return block.results().map(found -> found.group(1)).toList();
  }

  private static String unindented(String code) {
    return code.lines().map(String::strip).collect(joining("\n", "", "\n"));
  }
}
