package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A page in Chromium that is open at one of two instances on one PostgreSQL. */
@Tag("debian")
class InstancesBrowserTest {
  private static final Logger LOG = LoggerFactory.getLogger(InstancesBrowserTest.class);

  @TempDir
  Path folder;

  @Test
  void log_atAnInstanceThatIsKilled_showsWhatTheOtherDeliversAndConnectsAgain() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        RunningConsole delivering =
            RunningConsole.on("CONSOLE_JDBC_URL=" + postgres.getJdbcUrl("postgres", "postgres"));
        Chromium chromium = new Chromium()) {
      String database = postgres.getJdbcUrl("postgres", "postgres");
      String id = delivering.create("development", "Shared", "", "room.solved");
      InstanceProcess first = InstanceProcess.start(database, folder.resolve("first.log"));
      try (first;
          BrowserContext context =
              chromium.window(first.root(), 1600, ColorScheme.LIGHT)) {
        first.awaitStart();
        Page page = context.newPage();
        page.navigate("/deliveries?webhook=" + id);
        Chromium.awaitState(page, "New deliveries appear by themselves.");

        Instant before = Instant.now();
        delivering.publish(Environment.DEVELOPMENT, "room.solved", "by the other instance");
        Chromium.awaitRows(page, 1);
        LOG.info(
            "A delivery of the other instance was shown after {} ms",
            Duration.between(before, Instant.now()).toMillis());
        Chromium.awaitProgress(page, "succeeded-1");

        first.process().destroyForcibly().waitFor(1, TimeUnit.MINUTES);
        Chromium.awaitState(page, "Connecting again…");
        delivering.publish(Environment.DEVELOPMENT, "room.solved", "while it was away");
        try (InstanceProcess again = first.again(folder.resolve("again.log"))) {
          again.awaitStart();
          Chromium.awaitState(page, "New deliveries appear by themselves.");
          Chromium.awaitRows(page, 2);
          assertThat(page.locator("#log tbody").innerText()).contains("Shared");
        }
      }
    }
  }
}
