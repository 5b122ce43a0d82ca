package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.event.CatalogueEntry;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends signed sample events. */
@Command(
    name = "send",
    description = {
      "Posts a signed event to a URL: a sample of K-LINK's catalogue, or one with data of your own."
          + " There is one attempt, no redirect is followed, and the exit status is 1 unless the"
          + " answer is 2xx.",
    },
    footer = {
      "  klink-webhooks send --url http://127.0.0.1:8080/hook --secret whsec_test --event room.solved",
      "  room.solved  204 in 31 ms  id 7c0a2f5e-…"
    })
final class SendCommand extends BaseCommand {
  @Option(
      names = {"-u", "--url"},
      paramLabel = "URL",
      description = "Where to post to, with its query. Required unless --list is given.")
  private @Nullable String url;

  @Mixin
  private final EventOptions events;

  @Option(names = "--list", description = "List the samples, and send nothing.")
  private boolean list;

  @Option(
      names = {"-H", "--header"},
      paramLabel = "LINE",
      converter = Header.Converter.class,
      description = "A header line to add, as 'Authorization: token'. May be repeated.")
  private List<Header> headers = new ArrayList<>();

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
    SignedPost post = new SignedPost(url, secret.one(), headers, Duration.ofSeconds(timeout));
    long failed = chosen.stream().filter(event -> !send(post, event)).count();
    if (failed > 0) {
      throw new Failed(failed + " of " + chosen.size() + " not acknowledged with 2xx");
    }
    return 0;
  }

  private boolean send(SignedPost post, Event event) {
    SignedPost.Answer answer = post.send(event);
    String outcome = answer.status() == 0 ? "failed" : "" + answer.status();
    out()
        .println(event.name() + "  " + outcome + " in " + answer.duration().toMillis() + " ms  id "
            + event.id().orElse("none"));
    if (!answer.isSuccess() && !answer.detail().isEmpty()) {
      out().println("  " + Printable.cut(answer.detail(), 300));
    }
    return answer.isSuccess();
  }

  private void printEntry(CatalogueEntry entry) {
    out().printf("%-18s %s: %s%n", entry.name(), entry.title(), entry.description());
  }
}
