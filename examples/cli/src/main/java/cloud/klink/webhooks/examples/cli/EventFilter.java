package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which events are shown. */
final class EventFilter {
  @Option(
      names = "--events",
      paramLabel = "NAME,...",
      description = "Show and pass on only events of these names, separated by commas; 'contact.*'"
          + " is a whole group. Others are verified and acknowledged, no more (default: all).")
  private @Nullable String names;

  void check() {
    if (chosen().stream().anyMatch(String::isEmpty)) {
      throw new BadUsage("--events: a name is missing; separate names by one comma");
    }
  }

  boolean wants(VerifiedWebhook webhook) {
    if (names == null) {
      return true;
    }
    try {
      String event = webhook.event().name().value();
      return chosen().stream().anyMatch(name -> matches(name, event));
    } catch (MalformedException e) {
      return false;
    }
  }

  /** Not by picocli, which drops what is empty at the end. */
  private List<String> chosen() {
    return names == null
        ? List.of()
        : Arrays.stream(names.split(",", -1)).map(String::strip).toList();
  }

  private static boolean matches(String name, String event) {
    return name.endsWith(".*")
        ? event.startsWith(name.substring(0, name.length() - 1))
        : event.equals(name);
  }
}
