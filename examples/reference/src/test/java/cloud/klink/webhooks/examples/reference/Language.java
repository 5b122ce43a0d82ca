package cloud.klink.webhooks.examples.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A language, and how its programs are run. */
enum Language {
  PYTHON("klink_webhook.py", "/usr/bin/python3") {
    @Override
    List<String> program(String name) {
      return List.of(executable(), name + ".py");
    }
  },
  NODE("klink-webhook.mjs", "/usr/bin/node") {
    @Override
    List<String> program(String name) {
      return List.of(executable(), name + ".mjs");
    }
  },
  GO("klink_webhook.go", "/usr/bin/go") {
    @Override
    List<String> program(String name) {
      // "go run" would leave its child behind when it is ended.
      Path binary = Path.of("target", "go", name).toAbsolutePath();
      build(List.of(executable(), "build", "-o", binary.toString(), "./" + name));
      return List.of(binary.toString());
    }
  },
  PHP("klink_webhook.php", "/usr/bin/php") {
    @Override
    List<String> program(String name) {
      return name.equals("receiver")
          ? List.of(executable(), "-S", "127.0.0.1:0", "receiver.php")
          : List.of(executable(), name + ".php");
    }
  };

  private final String file;
  private final String executable;

  Language(String file, String executable) {
    this.file = file;
    this.executable = executable;
  }

  /** The command that runs a program of this language's folder: "receiver" or "vectors". */
  abstract List<String> program(String name);

  /** What the language is run with. */
  String executable() {
    return executable;
  }

  Path folder() {
    return Path.of(name().toLowerCase(java.util.Locale.ROOT));
  }

  /** The file that a customer copies. */
  Path file() {
    return folder().resolve(file);
  }

  /** The dialects that the file has. */
  List<String> dialects() {
    return this == GO ? List.of("klink", "go", "go-number") : List.of("klink");
  }

  ProcessBuilder process(List<String> command, Map<String, String> environment) {
    ProcessBuilder process = new ProcessBuilder(new ArrayList<>(command))
        .directory(folder().toFile())
        .redirectErrorStream(true);
    process.environment().put("GOTOOLCHAIN", "local");
    process.environment().put("GOPROXY", "off");
    process
        .environment()
        .put("GOCACHE", Path.of("target", "go-cache").toAbsolutePath().toString());
    process.environment().putAll(environment);
    return process;
  }

  /** Runs a command to its end, which must be a good one. */
  String build(List<String> command) {
    try {
      Process process = process(command, Map.of()).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException(command + " ended with " + status + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
