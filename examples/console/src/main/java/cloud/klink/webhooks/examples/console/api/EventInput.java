package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.api.ProblemAnswer.Fault;
import cloud.klink.webhooks.examples.console.service.PublishService;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An event that a client wants to be sent.
 *
 * @param event its name
 * @param data its data, which has to be an object; an empty one unless it is given
 */
public record EventInput(@Nullable String event, @Nullable JsonNode data) {
  private static final Map<String, String> RULES = Map.of(
      "event",
      "it must be lower-case words joined by dots, as contact.created",
      "data",
      "it must be a JSON object of at most 65536 characters, with numbers that JSON can" + " hold");

  /** The data as text, once the event was found to have no fault. */
  static String checked(PublishService events, EventInput input) {
    String name = input.event() == null ? "" : input.event();
    String data = input.data() == null ? "{}" : input.data().toString();
    List<Fault> faults = events.faults(name, data).keySet().stream()
        .map(field -> new Fault(field, String.valueOf(RULES.get(field))))
        .toList();
    if (!faults.isEmpty()) {
      throw new InvalidInput(faults);
    }
    return data;
  }
}
