package cloud.klink.webhooks.verifier.deduplication;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Debian's MariaDB, in a directory and on a port of its own. */
final class MariaDbServer implements AutoCloseable {
  private static final String USER = "klink";
  private static final String PASSWORD = "only-for-tests";

  private final int port;
  private final Process server;

  MariaDbServer(Path directory) throws IOException, InterruptedException {
    port = freePort();
    Path data = directory.resolve("data");
    run(directory, "mariadb-install-db", "--datadir=" + data);
    Path init = Files.writeString(
        directory.resolve("init.sql"),
        "CREATE DATABASE IF NOT EXISTS klink;\n"
            + "CREATE USER IF NOT EXISTS '" + USER + "'@'%' IDENTIFIED BY '" + PASSWORD + "';\n"
            + "GRANT ALL ON *.* TO '" + USER + "'@'%';\n");
    server = start(
        directory,
        "mariadbd",
        "--datadir=" + data,
        "--socket=" + directory.resolve("socket"),
        "--pid-file=" + directory.resolve("pid"),
        "--bind-address=127.0.0.1",
        "--skip-name-resolve",
        "--port=" + port,
        "--init-file=" + init);
    try {
      await().atMost(Duration.ofMinutes(1)).until(this::answers);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static void run(Path directory, String... command)
      throws IOException, InterruptedException {
    int status = start(directory, command).waitFor();
    if (status != 0) {
      throw new IOException(command[0] + " ended with " + status);
    }
  }

  private static Process start(Path directory, String... command) throws IOException {
    List<String> all = new ArrayList<>(List.of(command));
    all.add(1, "--no-defaults");
    all.add("--user=" + System.getProperty("user.name"));
    return new ProcessBuilder(all)
        .redirectErrorStream(true)
        .redirectOutput(
            ProcessBuilder.Redirect.appendTo(directory.resolve("output.txt").toFile()))
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private boolean answers() {
    if (!server.isAlive()) {
      throw new IllegalStateException("mariadbd ended with " + server.exitValue());
    }
    try {
      DriverManager.getConnection(database("mariadb").url(), USER, PASSWORD).close();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** The database by the driver of a scheme: mariadb or mysql. The server has no TLS. */
  DriverDataSource database(String scheme) {
    return new DriverDataSource(
        "jdbc:" + scheme + "://127.0.0.1:" + port + "/klink?sslMode="
            + (scheme.equals("mysql") ? "DISABLED" : "disable"),
        USER,
        PASSWORD);
  }

  @Override
  public void close() {
    server.destroy();
    server.onExit().join();
  }
}
