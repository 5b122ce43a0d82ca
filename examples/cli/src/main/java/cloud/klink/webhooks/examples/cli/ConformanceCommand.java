package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.examples.cli.conformance.BrokenVectorsException;
import cloud.klink.webhooks.examples.cli.conformance.Conformance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks test vectors. */
@Command(
    name = "conformance",
    description = {
      "Checks test vectors: for each, that its request gives its canonical string and its"
          + " signature, or is refused with its error.",
      "",
      "Prints a line for each that fails, in their order, and at the end 'N passed, N failed'. The"
          + " exit status is 1 if any failed, and 2 at the first line that is no vector; then"
          + " there is no closing line."
    },
    footer = {
      "  klink-webhooks conformance canonical-vectors.jsonl",
      "  187 passed, 0 failed",
      "%nA vector is a JSON object on a line of its own, in UTF-8, with these strings:",
      "  name                    what it is called",
      "  dialect                 klink, python-ascii, go or go-number",
      "  secret, method, url     the request",
      "  body or bodyBase64      its body as text, or its bytes where they are no text",
      "  canonical, signature    what must come out, or else",
      "  error                   malformed_method, malformed_url or malformed_body",
      "Other fields and empty lines are passed over. A line may have 256 MiB. However many lines"
          + " there are, 'java -Xmx32m -jar klink-webhooks.jar' is enough for those of ordinary"
          + " length."
    })
final class ConformanceCommand extends BaseCommand {
  private final Input input;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Files of vectors, plain or packed with gzip; '-' is the standard input.")
  private List<Path> files = List.of();

  ConformanceCommand(Surroundings surroundings) {
    this.input = new Input(surroundings);
  }

  @Override
  public Integer call() {
    try (Conformance conformance = new Conformance(this::printFailure)) {
      for (Path file : files) {
        check(conformance, file);
      }
      print(
          conformance.passed() + " passed, " + conformance.failed() + " failed",
          object().put("passed", conformance.passed()).put("failed", conformance.failed()));
      return conformance.failed() == 0 ? 0 : ErrorLines.REFUSED;
    }
  }

  private void printFailure(String line) {
    print(line, object().put("failure", line));
  }

  private void check(Conformance conformance, Path file) {
    try (InputStream in = input.open(file)) {
      long before = conformance.passed() + conformance.failed();
      conformance.check(Input.name(file), in);
      if (conformance.passed() + conformance.failed() == before) {
        throw new BadInput(Input.name(file) + ": it holds no vector");
      }
    } catch (IOException e) {
      throw Input.unreadable(file, e);
    } catch (BrokenVectorsException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }
}
