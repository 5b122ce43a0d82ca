package cloud.klink.webhooks.sender.storage.jdbc;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A server of Debian's PostgreSQL, in a directory and on a port of its own. PostgreSQL does not run
 * as root: then it runs as the user that its package makes.
 */
final class DebianPostgres implements AutoCloseable {
  private static final boolean IS_ROOT = System.getProperty("user.name").equals("root");

  private final Path home;
  private final int port;
  private Process server;
  private List<ProcessHandle> processes = List.of();

  private DebianPostgres(Path home) throws IOException {
    this.home = home;
    this.port = freePort();
  }

  /** A new primary. */
  static DebianPostgres primary(Path directory) throws IOException, InterruptedException {
    DebianPostgres primary = new DebianPostgres(owned(directory.resolve("primary")));
    primary.run(
        "initdb", "-D", primary.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N");
    primary.start();
    return primary;
  }

  /** A copy of a primary, which follows it. */
  static DebianPostgres standby(Path directory, DebianPostgres primary)
      throws IOException, InterruptedException {
    DebianPostgres standby = new DebianPostgres(owned(directory.resolve("standby")));
    String source = primary.conninfo();
    standby.run("pg_basebackup", "-D", standby.data(), "-d", source, "-R", "-c", "fast", "-N");
    standby.start();
    return standby;
  }

  private static Path owned(Path home) throws IOException {
    Files.createDirectory(home);
    if (IS_ROOT) {
      Path directory = home.getParent();
      Files.setPosixFilePermissions(
          directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwx--x--x"));
      Files.setOwner(
          home,
          home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
    }
    return home;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** The directory of the newest version that is there. */
  private static Path programs() throws IOException {
    try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .max(Comparator.comparingInt(
              path -> Integer.parseInt(path.getFileName().toString())))
          .orElseThrow()
          .resolve("bin");
    }
  }

  private Process program(String name, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (IS_ROOT) {
      command.addAll(
          List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
    }
    command.add(programs().resolve(name).toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(home.toFile())
        .redirectErrorStream(true)
        .redirectOutput(
            ProcessBuilder.Redirect.appendTo(home.resolve("output.txt").toFile()))
        .start();
  }

  private void run(String name, String... arguments) throws IOException, InterruptedException {
    int status = program(name, arguments).waitFor();
    if (status != 0) {
      throw new IOException(
          name + " ended with " + status + ": " + Files.readString(home.resolve("output.txt")));
    }
  }

  private void start() throws IOException {
    server = program(
        "postgres",
        "-D",
        data(),
        "-p",
        Integer.toString(port),
        "-k",
        home.toString(),
        "-c",
        "listen_addresses=127.0.0.1",
        // What is killed here is processes, not the machine.
        "-c",
        "fsync=off");
    try {
      await().atMost(Duration.ofSeconds(30)).until(this::answers);
    } catch (RuntimeException e) {
      close();
      throw new IOException(Files.readString(home.resolve("output.txt")), e);
    }
  }

  private boolean answers() {
    if (!server.isAlive()) {
      throw new IllegalStateException("postgres ended with " + server.exitValue());
    }
    try (Connection connection = database().getConnection()) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  private String data() {
    return home.resolve("data").toString();
  }

  private String conninfo() {
    return "host=127.0.0.1 port=" + port + " user=postgres";
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** This server alone. */
  DataSource database() {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setURL("jdbc:postgresql://" + address() + "/postgres");
    dataSource.setUser("postgres");
    dataSource.setConnectTimeout(2);
    dataSource.setSocketTimeout(40);
    return dataSource;
  }

  void execute(String sql) throws SQLException {
    TestPostgres.execute(database(), sql);
  }

  /** Changes a setting, in the sessions that there are too. */
  void set(String name, String value) throws SQLException {
    execute("ALTER SYSTEM SET " + name + " = '" + value + "'");
    execute("SELECT pg_reload_conf()");
  }

  String query(String sql) throws SQLException {
    try (Connection connection = database().getConnection()) {
      return Sql.query(connection, sql, row -> String.valueOf(row.getString(1))).get(0);
    }
  }

  /** Kills the server and its sessions at once. */
  void kill() throws IOException, InterruptedException {
    signal("KILL");
    server.waitFor();
  }

  /** Stops the server and its sessions in the middle of what they do. */
  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  private void signal(String name) throws IOException, InterruptedException {
    // The server first, so that it makes no new session.
    List<String> command = new ArrayList<>(List.of("kill", "-s", name, "" + server.pid()));
    new ProcessBuilder(command).start().waitFor();
    if (processes.isEmpty()) {
      processes = server.descendants().toList();
    }
    processes.stream()
        .filter(ProcessHandle::isAlive)
        .forEach(session -> command.add("" + session.pid()));
    new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }

  /** Shuts down as for a planned switchover, and follows the other server from then on. */
  void follow(DebianPostgres other) throws IOException, InterruptedException {
    Files.createFile(home.resolve("data").resolve("standby.signal"));
    Files.writeString(
        home.resolve("data").resolve("postgresql.auto.conf"),
        "primary_conninfo = '" + other.conninfo() + "'\nrecovery_target_timeline = 'latest'\n");
    start();
  }

  void shutDown() throws IOException, InterruptedException {
    run("pg_ctl", "-D", data(), "stop", "-m", "fast", "-t", "30");
    server.waitFor();
  }

  @Override
  public void close() {
    if (server == null || !server.isAlive()) {
      removeSharedMemory();
      return;
    }
    try {
      kill();
    } catch (IOException e) {
      server.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    removeSharedMemory();
  }

  /** A server that is killed leaves a small segment, which is named in its file. */
  private void removeSharedMemory() {
    try {
      List<String> lines = Files.readAllLines(home.resolve("data").resolve("postmaster.pid"));
      String id = lines.get(6).trim().split(" +", -1)[1];
      new ProcessBuilder("ipcrm", "-m", id).redirectErrorStream(true).start().waitFor();
    } catch (IOException | IndexOutOfBoundsException e) {
      // It was shut down, and has removed it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
