package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.canonical.Dialect;
import picocli.CommandLine.Option;

/** The dialect to print in. */
final class DialectOption {
  @Option(
      names = {"-d", "--dialect"},
      paramLabel = "DIALECT",
      converter = DialectConverter.class,
      completionCandidates = DialectConverter.Ids.class,
      description = "How strings and numbers of the body are printed: ${COMPLETION-CANDIDATES}"
          + " (default: klink, which is what K-LINK signs with).")
  private Dialect dialect = Dialect.KLINK;

  Dialect dialect() {
    return dialect;
  }
}
