package cloud.klink.webhooks.examples.cli;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files, of which {@code -} is the standard input. */
final class Input {
  private final Surroundings surroundings;

  Input(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Opens a file. Closing the standard input leaves it open. */
  InputStream open(Path file) {
    if (isStandardInput(file)) {
      return new Unclosed(surroundings.input());
    }
    if (Files.isDirectory(file)) {
      throw new BadInput("cannot read " + file + ": it is a directory");
    }
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Reads a file, but no more than one byte beyond a limit. */
  byte[] read(Path file, int limit) {
    try (InputStream in = open(file)) {
      return in.readNBytes(limit + 1);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static String name(Path file) {
    return isStandardInput(file) ? "standard input" : file.toString();
  }

  static BadInput unreadable(Path file, IOException e) {
    String why;
    if (e instanceof NoSuchFileException) {
      why = "there is no such file";
    } else if (e instanceof AccessDeniedException) {
      why = "permission denied";
    } else if (e instanceof EOFException) {
      why = "it is cut off";
    } else {
      why = String.valueOf(e.getMessage());
    }
    return new BadInput("cannot read " + name(file) + ": " + why);
  }

  private static boolean isStandardInput(Path file) {
    return file.toString().equals("-");
  }

  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return in.read(buffer, offset, length);
    }

    @Override
    public void close() {
      // It belongs to the process.
    }
  }
}
