package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which events are shown. */
final class EventFilter {
  @Option(
      names = "--events",
      paramLabel = "NAME",
      split = ",",
      description = "Show and pass on only events of these names, separated by commas; 'contact.*'"
          + " is a whole group. Others are verified and acknowledged, no more (default: all).")
  private List<String> names = new ArrayList<>();

  void check() {
    if (names.stream().anyMatch(String::isBlank)) {
      throw new BadUsage("--events: a name is missing; separate names by one comma");
    }
  }

  boolean wants(VerifiedWebhook webhook) {
    if (names.isEmpty()) {
      return true;
    }
    try {
      String event = webhook.event().name().value();
      return names.stream().anyMatch(name -> matches(name.strip(), event));
    } catch (MalformedException e) {
      return false;
    }
  }

  private static boolean matches(String name, String event) {
    return name.endsWith(".*")
        ? event.startsWith(name.substring(0, name.length() - 1))
        : event.equals(name);
  }
}
