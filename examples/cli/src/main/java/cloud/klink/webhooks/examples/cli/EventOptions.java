package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventCatalogue;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.examples.samples.SampleEvents;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which event to send. */
final class EventOptions {
  private static final int MAX_DATA_BYTES = 16 << 20;

  private static final JsonMapper JSON = JsonMapper.builder()
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();

  private final Input input;

  @Option(
      names = {"-e", "--event"},
      paramLabel = "NAME",
      description = "The event to send (default: contact.created). With --data, any name.")
  private @Nullable String name;

  @Option(names = "--all", description = "Send every sample, one after another.")
  private boolean all;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "Send this JSON as the event's data; '-' is the standard input.")
  private @Nullable Path data;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The event's id (default: a new one for each event). Give the same id again to"
          + " try de-duplication.")
  private @Nullable String id;

  EventOptions(Surroundings surroundings) {
    this.input = new Input(surroundings);
  }

  List<Event> choose() {
    if (all && (name != null || data != null || id != null)) {
      throw new BadUsage("--all cannot be combined with --event, --data or --id");
    }
    try {
      return all
          ? SampleEvents.all().stream().map(this::anew).toList()
          : List.of(anew(data == null ? sample() : withData(data)));
    } catch (MalformedException e) {
      throw new BadUsage("--" + e.getMessage()); // it begins with "event" or "id";
    }
  }

  private EventName name() {
    return name == null ? EventName.CONTACT_CREATED : EventName.of(name);
  }

  private Event sample() {
    if (EventCatalogue.klink().find(name()).isEmpty()) {
      throw new BadUsage(
          "--event: there is no sample of " + name() + "; --list lists them, or give --data"
              + NearNames.question(
                  name().value(),
                  EventCatalogue.klink().entries().stream()
                      .map(entry -> entry.name().value())
                      .toList()));
    }
    return SampleEvents.of(name());
  }

  private Event withData(Path file) {
    return Event.builder(name()).timestamp(Instant.now()).data(read(file)).build();
  }

  private JsonNode read(Path file) {
    try {
      JsonNode json = JSON.readTree(input.read(file, MAX_DATA_BYTES));
      if (json.isMissingNode()) {
        throw new BadInput(Input.name(file) + ": it is empty");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new BadInput(Input.name(file) + ": line " + e.getLocation().getLineNr() + ", column "
          + e.getLocation().getColumnNr() + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new BadInput(Input.name(file) + ": it must be JSON in UTF-8: " + e.getMessage());
    }
  }

  /** Now, and under an id of its own: a receiver would drop the same one as a repetition. */
  private Event anew(Event event) {
    return Event.builder(event.name())
        .timestamp(Instant.now())
        .id(id == null ? UUID.randomUUID().toString() : id)
        .data(event.data())
        .build();
  }
}
