package cloud.klink.webhooks.sender.storage.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the default settings, 64 MiB of heap are enough for whatever waits. */
class SmallHeapTest {
  private static final int WEBHOOKS = 40;
  private static final int EVENTS = 12;
  private static final int LARGE = 250_000;
  private static final int SMALL = 2_000;
  private static final int MANY = 50;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final Set<String> received = ConcurrentHashMap.newKeySet();
  private HttpServer server;

  @TempDir
  private Path directory;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(pool);
    server.createContext("/", this::receive);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    pool.shutdownNow();
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
      received.add(exchange.getRequestHeaders().getFirst("X-Klink-Delivery-Id"));
      exchange.sendResponseHeaders(204, -1);
    }
  }

  @Test
  void sqlite_largeEvents_areAllDeliveredIn64MiB() throws Exception {
    assertDelivered("sqlite", migrated(JdbcDatabase.SQLITE), EVENTS, LARGE);
  }

  @Test
  void postgres_largeEvents_areAllDeliveredIn64MiB() throws Exception {
    assertDelivered("postgres", migrated(JdbcDatabase.POSTGRESQL), EVENTS, LARGE);
  }

  @Test
  void sqlite_manyEvents_areAllDeliveredIn64MiB() throws Exception {
    assertDelivered("sqlite", migrated(JdbcDatabase.SQLITE), MANY, SMALL);
  }

  @Test
  void postgres_manyEvents_areAllDeliveredIn64MiB() throws Exception {
    assertDelivered("postgres", migrated(JdbcDatabase.POSTGRESQL), MANY, SMALL);
  }

  private String migrated(JdbcDatabase kind) throws Exception {
    DataSource database = EmptyDatabase.of(kind, directory);
    EmptyDatabase.storage(kind, database).migrate();
    try (Connection connection = database.getConnection()) {
      return connection.getMetaData().getURL();
    }
  }

  private void assertDelivered(String kind, String url, int events, int size)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            SmallHeapProcess.class.getName(),
            kind,
            url,
            "http://127.0.0.1:" + server.getAddress().getPort() + "/hook",
            "" + WEBHOOKS,
            "" + events,
            "" + size)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("output").toFile())
        .start();
    try {
      await()
          .atMost(PATIENCE)
          .until(() -> !process.isAlive() || received.size() == WEBHOOKS * events);
      String output = java.nio.file.Files.readString(directory.resolve("output"), UTF_8);
      assertThat(process.isAlive()).as(output).isTrue();
      assertThat(received).hasSize(WEBHOOKS * events);
      assertThat(output).doesNotContain("Error");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
