package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.signature.SigningSecret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Signing secrets: by option, by file, or by environment variable if there is neither. */
final class SecretOptions {
  static final String VARIABLE = "KLINK_WEBHOOK_SECRET";

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
    return List.of(SecretReader.ofText(VARIABLE, text));
  }

  private SigningSecret read(OneSecret secret) {
    return secret.file == null
        ? SecretReader.ofText("--secret", Objects.requireNonNull(secret.text))
        : SecretReader.ofFile(new Input(surroundings), secret.file);
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
            + ". Where a request is verified, both may be repeated.")
    private @Nullable Path file;
  }
}
