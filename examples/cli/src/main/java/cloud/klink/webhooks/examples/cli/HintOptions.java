package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.verifier.explain.SignatureExplainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What an explainer may try. */
final class HintOptions {
  private final Input input;

  @Option(
      names = "--older-secret",
      paramLabel = "TEXT",
      description =
          "A secret that was used before, to be tried. Other users of this machine may see"
              + " it in the list of processes: prefer a file. May be repeated.")
  private List<String> olderSecrets = new ArrayList<>();

  @Option(
      names = "--older-secret-file",
      paramLabel = "FILE",
      description = "The same, from a file.")
  private List<Path> olderSecretFiles = new ArrayList<>();

  @Option(
      names = "--candidate-host",
      paramLabel = "HOST",
      description = "Another host that may have been signed, to be tried. May be repeated.")
  private List<String> hosts = new ArrayList<>();

  @Option(
      names = "--candidate-url",
      paramLabel = "URL",
      description = "Another URL that may have been signed, to be tried. May be repeated.")
  private List<String> urls = new ArrayList<>();

  HintOptions(Surroundings surroundings) {
    this.input = new Input(surroundings);
  }

  SignatureExplainer addTo(SignatureExplainer.Builder explainer) {
    olderSecrets.forEach(
        text -> explainer.olderSecret(SecretReader.ofText("--older-secret", text)));
    olderSecretFiles.forEach(file -> explainer.olderSecret(SecretReader.ofFile(input, file)));
    hosts.forEach(explainer::candidateHost);
    urls.forEach(explainer::candidateUrl);
    try {
      return explainer.build();
    } catch (IllegalArgumentException e) {
      throw new BadUsage(String.valueOf(e.getMessage()));
    }
  }
}
