package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.Browser.Page;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Needs no package of Debian's, but takes longer than a build on every change should. */
@Tag("debian")
class PostgresTest {
  @Test
  void twoInstances_onOneDatabase_showTheSameAndTakeEachOthersForms() throws IOException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      String database = "CONSOLE_JDBC_URL=" + postgres.getJdbcUrl("postgres", "postgres");
      try (RunningConsole one = RunningConsole.on(database);
          RunningConsole other = RunningConsole.on(
              database, "console.demo.enabled=false", "klink.webhooks.sender.deliver=false")) {
        String id = one.create("development", "Shared", "", "room.solved");
        other.publish(Environment.DEVELOPMENT, "room.solved", "from the other instance");

        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> assertThat(other
                    .browser()
                    .get("/deliveries?status=succeeded&webhook=" + id)
                    .text())
                .contains("Shared", "200"));

        Browser browser = other.browser();
        assertThat(browser.get("/demo").status()).isEqualTo(404);
        Page paused = browser.submit(
            browser.get("/webhooks/" + id + "/pause").formTo("/webhooks/" + id + "/pause"),
            Map.of("reason", List.of("on the other")));
        assertThat(paused.text()).contains("This webhook is paused");
        assertThat(one.browser().get("/webhooks/" + id).text()).contains("on the other");
      }
    }
  }
}
