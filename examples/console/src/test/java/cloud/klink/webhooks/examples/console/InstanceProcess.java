package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;

/** The application in a process of its own, which delivers nothing and can be killed. */
record InstanceProcess(String database, int port, Process process) implements AutoCloseable {
  static final Duration START = Duration.ofMinutes(2);

  static InstanceProcess start(String database, Path log) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return start(database, socket.getLocalPort(), log);
    }
  }

  private static InstanceProcess start(String database, int port, Path log) throws IOException {
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Console.class.getName(),
            "--server.port=" + port,
            "--console.demo.enabled=false",
            "--klink.webhooks.sender.deliver=false",
            "--CONSOLE_JDBC_URL=" + database)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    return new InstanceProcess(database, port, process);
  }

  /** Another process at the same address. */
  InstanceProcess again(Path log) throws IOException {
    return start(database, port, log);
  }

  String root() {
    return "http://127.0.0.1:" + port;
  }

  Browser browser() {
    return new Browser(root());
  }

  void awaitStart() {
    await()
        .atMost(START)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(browser().get("/redeliveries").status()).isEqualTo(200));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
