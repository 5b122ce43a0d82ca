package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.signature.SigningSecret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Signing secrets: by option, by file, or by environment variable if there is neither. */
final class SecretOptions {
  static final String VARIABLE = "KLINK_WEBHOOK_SECRET";

  private static final int MAX_FILE_BYTES = 1 << 16;

  private final Surroundings surroundings;

  @ArgGroup(exclusive = true, multiplicity = "0..*")
  private List<OneSecret> given = new ArrayList<>();

  SecretOptions(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** The one secret to sign with. */
  SigningSecret one() {
    List<SigningSecret> secrets = several();
    if (secrets.size() > 1) {
      throw new BadUsage("give one secret, not " + secrets.size());
    }
    return secrets.get(0);
  }

  /** At least one secret, in the order of the command line. */
  List<SigningSecret> several() {
    if (!given.isEmpty()) {
      return given.stream().map(this::read).toList();
    }
    String text = surroundings.environment().apply(VARIABLE);
    if (text == null) {
      throw new BadUsage("a secret is missing; give --secret TEXT or --secret-file FILE,"
          + " or set the environment variable " + VARIABLE);
    }
    return List.of(ofText(VARIABLE, text));
  }

  private SigningSecret read(OneSecret secret) {
    if (secret.file == null) {
      return ofText("--secret", Objects.requireNonNull(secret.text));
    }
    byte[] bytes = new Input(surroundings).read(secret.file, MAX_FILE_BYTES);
    byte[] line = Arrays.copyOf(bytes, bytes.length - trailingLineBreak(bytes));
    try {
      return SigningSecret.of(line);
    } catch (IllegalArgumentException e) {
      throw new BadInput(Input.name(secret.file) + ": " + e.getMessage());
    }
  }

  private static SigningSecret ofText(String source, String text) {
    // What Java makes of bytes that the locale's character set does not have.
    if (text.indexOf('\uFFFD') >= 0) {
      throw new BadUsage(source + ": this terminal's character set cannot pass it on;"
          + " use --secret-file, or set LC_ALL=C.UTF-8");
    }
    try {
      return SigningSecret.of(text);
    } catch (IllegalArgumentException e) {
      throw new BadUsage(source + ": " + rule(e));
    }
  }

  private static String rule(IllegalArgumentException e) {
    return String.valueOf(e.getMessage()).replaceFirst("^secret: ", "");
  }

  private static int trailingLineBreak(byte[] bytes) {
    int end = bytes.length;
    if (end == 0 || bytes[end - 1] != '\n') {
      return 0;
    }
    return end > 1 && bytes[end - 2] == '\r' ? 2 : 1;
  }

  /** Text or file. Both in one list, so that positions are those of the command line. */
  private static final class OneSecret {
    @Option(
        names = "--secret",
        paramLabel = "TEXT",
        required = true,
        description = "The webhook's signing secret. Other users of this machine may see it in the"
            + " list of processes: prefer a file or the variable.")
    private @Nullable String text;

    @Option(
        names = "--secret-file",
        paramLabel = "FILE",
        required = true,
        description = "A file that holds the secret; one line break at its end is not part of it.%n"
            + "Without either option: the environment variable "
            + VARIABLE
            + ".")
    private @Nullable Path file;
  }
}
