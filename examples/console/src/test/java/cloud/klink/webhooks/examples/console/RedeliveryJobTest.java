package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.Browser.Page;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class RedeliveryJobTest {
  private static final Duration SOON = Duration.ofSeconds(40);

  @TempDir
  Path folder;

  private RunningConsole start() {
    return RunningConsole.on("CONSOLE_DATA=" + folder.resolve("console.db"));
  }

  private static Page begin(RunningConsole console, String filter, int rate) {
    Browser browser = console.browser();
    Page confirmation = browser.get("/deliveries/redeliver?environment=development" + filter);
    return browser.submit(
        confirmation.formTo("/deliveries/redeliver"),
        Map.of("rate", List.of(Integer.toString(rate))));
  }

  private static void publish(RunningConsole console, int count) {
    for (int i = 0; i < count; i++) {
      console.publish(Environment.DEVELOPMENT, "room.solved", "job " + i);
    }
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(console
                .browser()
                .get("/deliveries?environment=development&status=succeeded")
                .document()
                .select("tbody tr"))
            .hasSize(count));
  }

  @Test
  void job_interruptedByARestart_goesOnAndSendsNoneTwice() {
    String at;
    try (RunningConsole console = start()) {
      console.create("development", "Restarted", "", "room.solved");
      publish(console, 8);
      Page job = begin(console, "&status=succeeded", 2);
      assertThat(job.text()).contains("of 8 have been sent again", "running");
      at = job.at();
    }
    try (RunningConsole console = start()) {
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(console.browser().get(at).text())
              .contains("8 of 8 have been sent again", "finished"));
      assertThat(console
              .browser()
              .get("/deliveries?environment=development")
              .document()
              .select("tbody tr"))
          .hasSize(16);
    }
  }

  @Test
  void job_cancelled_stopsAndStaysInTheList() {
    try (RunningConsole console = start()) {
      String id = console.create("development", "Cancelled", "", "room.solved");
      publish(console, 6);
      Page job = begin(console, "&status=succeeded&answer=2xx&retried=&webhook=" + id, 1);
      Browser browser = console.browser();
      Page cancelled = browser.submit(browser.get(job.at()).formTo(job.at() + "/cancel"));

      assertThat(cancelled.text()).contains("cancelled");
      assertThat(cancelled.one("dd a[href='/webhooks/" + id + "']").text()).isEqualTo("Cancelled");
      assertThat(cancelled.texts(".facts dd"))
          .contains("Development", "succeeded", "2xx Success")
          .doesNotContain(id);
      assertThat(cancelled.header("Refresh")).isEmpty();
      assertThat(browser.get("/redeliveries").text()).contains("cancelled", "of 6");
    }
  }

  @Test
  void list_ofManyJobs_isPagedNewestFirstWithoutLossOrRepetition() throws Exception {
    try (RunningConsole console = start()) {
      for (int i = 0; i < 120; i++) {
        // Three of each time, as jobs of several instances may be.
        execute("INSERT INTO console_redelivery VALUES ('job-" + (1000 + i)
            + "', 'environment=development', " + i / 3 * 1_000
            + ", 0, 1, 0, 1, 'finished', '', 1, 0, 0, '', 0)");
      }
      Browser browser = console.browser();
      List<String> shown = new ArrayList<>();
      Page page = browser.get("/redeliveries");
      shown.addAll(page.document().select("tbody a").eachAttr("href"));
      while (!page.document().select("a[rel=next]").isEmpty()) {
        page = browser.click(page, "Older");
        shown.addAll(page.document().select("tbody a").eachAttr("href"));
      }
      List<String> told = new ArrayList<>();
      String after = "";
      do {
        JsonNode answer = new ObjectMapper()
            .readTree(browser.get("/api/v1/redeliveries" + after).response().body());
        answer
            .path("items")
            .forEach(job -> told.add("/redeliveries/" + job.path("id").asText()));
        after =
            answer.path("next").isNull() ? "" : "?after=" + answer.path("next").asText();
      } while (!after.isEmpty());

      assertThat(shown).hasSize(120).doesNotHaveDuplicates().startsWith("/redeliveries/job-1117");
      assertThat(told).isEqualTo(shown);
      assertThat(browser.click(page, "Newest").at()).isEqualTo("/redeliveries");
      assertThat(browser.get("/redeliveries?after=none").status()).isEqualTo(404);
    }
  }

  @Test
  void plan_ofALongLog_isCountedPartByPart() throws SQLException {
    try (RunningConsole console = start()) {
      console.create("development", "Much", "", "room.solved");
      publish(console, 2);
      for (int i = 0; i < 15; i++) {
        execute("CREATE TABLE copies AS SELECT * FROM klink_delivery");
        execute("UPDATE copies SET id = id || '-" + i + "'");
        execute("INSERT INTO klink_delivery SELECT * FROM copies");
        execute("DROP TABLE copies");
      }
      Browser browser = console.browser();
      Page all = browser.get("/deliveries/redeliver?environment=development");
      Page newer =
          browser.get("/deliveries/redeliver?environment=development&event=contact.created");
      Page older = browser.click(newer, "Count further back");

      assertThat(all.text()).contains("More than 10,000 deliveries are sent again");
      assertThat(newer.text()).contains("was found so far", "The log was counted back to 20");
      assertThat(newer.formTo("/deliveries/redeliver").text()).contains("Redeliver all that match");
      assertThat(older.text()).contains("No delivery is sent again.").doesNotContain("further");
    }
  }

  @Test
  void plan_countedFurtherBack_addsWhatWasCountedBefore() {
    try (RunningConsole console = start()) {
      console.create("development", "Little", "", "room.solved");
      publish(console, 3);
      String place = DeliveryQuery.cursor(Instant.parse("2100-01-01T00:00:00Z"), "d");

      assertThat(console
              .browser()
              .get("/deliveries/redeliver?environment=development&counted=4&left=2&after=" + place)
              .text())
          .contains("7 deliveries are sent again", "2 are left out");
    }
  }

  private void execute(String sql) throws SQLException {
    SQLiteDataSource database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + folder.resolve("console.db"));
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void job_thatCannotGoOn_keepsNoOtherWaiting() throws SQLException {
    try (RunningConsole console = start()) {
      console.create("development", "Beside", "", "room.solved");
      publish(console, 2);
      execute("INSERT INTO console_redelivery VALUES ('damaged',"
          + " 'environment=development', 0, 0, 1, 0, 1, 'running', 'no place', 0, 0, 0, '', 0)");

      Page job = begin(console, "&status=succeeded", 2);

      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(console.browser().get(job.at()).text())
              .contains("2 of 2 have been sent again", "finished"));
    }
  }
}
