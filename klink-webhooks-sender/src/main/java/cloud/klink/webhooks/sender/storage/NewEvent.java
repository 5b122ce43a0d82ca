package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.EventBody;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An event that is to be stored.
 *
 * @param environment where it happened
 * @param id its id, which identifies a repeated event
 * @param name its name
 * @param body its canonical body
 * @param publishedAt when it was published
 * @param traceParent the span that it was published in (W3C Trace Context), if it was traced
 */
public record NewEvent(
    Environment environment,
    String id,
    EventName name,
    EventBody body,
    Instant publishedAt,
    Optional<String> traceParent) {
  /**
   * Checks that nothing is missing.
   *
   * @param environment where it happened
   * @param id its id
   * @param name its name
   * @param body its canonical body
   * @param publishedAt when it was published
   * @param traceParent the span that it was published in
   */
  public NewEvent {
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(publishedAt, "publishedAt");
    Objects.requireNonNull(traceParent, "traceParent");
  }

  /**
   * An event that is not traced.
   *
   * @param environment where it happened
   * @param id its id
   * @param name its name
   * @param body its canonical body
   * @param publishedAt when it was published
   */
  public NewEvent(
      Environment environment, String id, EventName name, EventBody body, Instant publishedAt) {
    this(environment, id, name, body, publishedAt, Optional.empty());
  }
}
