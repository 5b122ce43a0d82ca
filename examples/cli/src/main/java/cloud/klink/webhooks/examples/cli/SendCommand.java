package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.event.CatalogueEntry;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventCatalogue;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends signed sample events. */
@Command(
    name = "send",
    description = {
      "Sends a signed event to a URL: a sample of K-LINK's catalogue, or one with data of your own."
          + " To http and https URLs it is posted, to ws and wss URLs it is a message. There is one"
          + " attempt, no redirect is followed, and the exit status is 1 unless the answer is 2xx or"
          + " an ack."
    },
    footer = {
      "  klink-webhooks send --url http://127.0.0.1:8080/hook --secret-file secret.txt \\",
      "      --event room.solved",
      "  room.solved  204 in 31 ms  id 7c0a2f5e-…"
    })
final class SendCommand extends BaseCommand {
  @Option(
      names = {"-u", "--url"},
      paramLabel = "URL",
      description = "Where to send to, with its query. Required unless --list is given.")
  private @Nullable String url;

  @Mixin
  private final EventOptions events;

  @Option(names = "--list", description = "List the samples, and send nothing.")
  private boolean list;

  @Mixin
  private final HeaderOptions headers = new HeaderOptions();

  @Mixin
  private final TrustOptions trust = new TrustOptions();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long to wait for the answer, 1 to 3600 (default: ${DEFAULT-VALUE}, as"
          + " K-LINK does).")
  private int timeout = 10;

  @Mixin
  private final SecretOptions secret;

  SendCommand(Surroundings surroundings) {
    this.events = new EventOptions(surroundings);
    this.secret = new SecretOptions(surroundings);
  }

  @Override
  public Integer call() {
    if (list) {
      EventCatalogue.klink().entries().forEach(this::printEntry);
      return 0;
    }
    if (url == null) {
      throw new BadUsage("--url is missing; or give --list to see the samples");
    }
    if (timeout < 1 || timeout > 3_600) {
      throw new BadUsage("--timeout: it must be from 1 to 3600, not " + timeout);
    }
    List<Event> chosen = events.choose();
    long failed;
    try (EventSender sender = EventSender.to(
        url, secret.one(), headers.all(), trust.trusted(), Duration.ofSeconds(timeout))) {
      failed = chosen.stream().filter(event -> !send(sender, event)).count();
    }
    if (failed > 0) {
      throw new Failed(failed + " of " + chosen.size() + " not acknowledged");
    }
    return 0;
  }

  private boolean send(EventSender sender, Event event) {
    EventSender.Answer answer = sender.send(event);
    String id = event.id().orElse("none");
    long millis = answer.duration().toMillis();
    String detail = answer.acknowledged() || answer.detail().isEmpty()
        ? ""
        : System.lineSeparator() + "  " + Printable.cut(answer.detail(), 300);
    print(
        event.name() + "  " + answer.outcome() + " in " + millis + " ms  id " + id + detail,
        object()
            .put("event", event.name().value())
            .put("id", id)
            .put("acknowledged", answer.acknowledged())
            .put("outcome", answer.outcome())
            .put("millis", millis)
            .put("detail", answer.detail()));
    return answer.acknowledged();
  }

  private void printEntry(CatalogueEntry entry) {
    print(
        String.format("%-18s %s: %s", entry.name(), entry.title(), entry.description()),
        object()
            .put("event", entry.name().value())
            .put("title", entry.title())
            .put("description", entry.description()));
  }
}
