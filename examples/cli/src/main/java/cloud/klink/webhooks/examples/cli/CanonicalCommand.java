package cloud.klink.webhooks.examples.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the canonical string of a request: what is signed. */
@Command(
    name = "canonical",
    description = "Prints the canonical string of a request: what is signed.",
    footer = {
      "  echo '{\"b\": 2, \"a\": 1}' | klink-webhooks canonical --url 'https://example.com/hook?b=2&a=1'",
      "  POSThttps://example.com/hooka=[1]&b=[2]{\"a\":1,\"b\":2}"
    })
final class CanonicalCommand extends BaseCommand {
  @Mixin
  private final RequestOptions request;

  @Mixin
  private final DialectOption dialect = new DialectOption();

  @Option(
      names = {"-n", "--no-newline"},
      description = "Print the canonical string alone, without a line break behind it.")
  private boolean noNewline;

  CanonicalCommand(Surroundings surroundings) {
    this.request = new RequestOptions(surroundings);
  }

  @Override
  public Integer call() {
    String canonical = request.canonical(dialect.dialect()).text();
    if (noNewline && !json()) {
      out().print(canonical);
      out().flush();
    } else {
      print(canonical, object().put("canonical", canonical));
    }
    return 0;
  }
}
