package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.service.CutTexts;
import cloud.klink.webhooks.examples.console.service.DeliveryRow;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.Delivery;
import java.time.Instant;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A delivery.
 *
 * @param id its id
 * @param webhookId its webhook
 * @param environment {@code development} or {@code production}
 * @param eventId its event
 * @param event the event's name
 * @param status how far it is, as the pages' filter calls it
 * @param attempts how many attempts were made
 * @param lastStatus the HTTP status of the newest attempt; null if there was none
 * @param lastOutcome what came of the newest attempt; null if there was none
 * @param error the beginning of what went wrong
 * @param createdAt when it was published
 * @param dueAt when it is sent next; null if it is not
 * @param finishedAt when it was finished; null if it is not
 * @param redeliveryOf the delivery that it repeats; null if it does not
 * @param redeliveredAs the newest delivery that repeats it; null if none does
 */
public record DeliveryJson(
    String id,
    String webhookId,
    String environment,
    String eventId,
    String event,
    String status,
    int attempts,
    @Nullable Integer lastStatus,
    @Nullable String lastOutcome,
    @Nullable String error,
    Instant createdAt,
    @Nullable Instant dueAt,
    @Nullable Instant finishedAt,
    @Nullable String redeliveryOf,
    @Nullable String redeliveredAs) {
  /**
   * An attempt.
   *
   * @param number 1 for the first
   * @param startedAt when it began
   * @param durationMillis how long it took
   * @param method {@code webhook} or {@code websocket}
   * @param url where it went
   * @param outcome what came of it
   * @param status the HTTP status; null if there was none
   * @param error what went wrong
   * @param response the beginning of the answer
   * @param responseCut whether there may have been more of it
   * @param responseHeaders its headers, a line for each, without secrets; empty if there are none
   * @param responseHeadersCut whether there may have been more of them
   * @param trace the exception trace; empty if there is none
   * @param sentAgain whether it was sent once more, as its connection ended without an answer
   * @param connectedTo the address and port that it was connected to; empty if to none
   */
  public record AttemptJson(
      int number,
      Instant startedAt,
      long durationMillis,
      String method,
      String url,
      String outcome,
      @Nullable Integer status,
      String error,
      String response,
      boolean responseCut,
      String responseHeaders,
      boolean responseHeadersCut,
      String trace,
      boolean sentAgain,
      String connectedTo) {
    private static final CutTexts CUTS = new CutTexts();

    static AttemptJson of(Attempt attempt) {
      return new AttemptJson(
          attempt.number(),
          attempt.startedAt(),
          attempt.duration().toMillis(),
          attempt.method().id(),
          attempt.url(),
          attempt.result().outcome().id(),
          boxed(attempt.result().status()),
          attempt.result().error(),
          attempt.result().response(),
          CUTS.isBodyCut(attempt.result()),
          attempt.result().responseHeaders(),
          CUTS.areHeadersCut(attempt.result()),
          attempt.result().trace(),
          attempt.result().sentAgain(),
          attempt.result().connectedTo());
    }
  }

  static DeliveryJson of(DeliveryRow row) {
    Delivery delivery = row.delivery();
    return new DeliveryJson(
        delivery.id(),
        delivery.webhookId(),
        delivery.environment().id(),
        delivery.eventId(),
        delivery.eventName().value(),
        row.status().id(),
        delivery.attempts(),
        boxed(delivery.lastStatus()),
        delivery.lastOutcome().map(AttemptOutcome::id).orElse(null),
        delivery.lastOutcome().map(last -> delivery.lastPreview()).orElse(null),
        delivery.createdAt(),
        delivery.dueAt().orElse(null),
        delivery.finishedAt().orElse(null),
        delivery.redeliveryOf().orElse(null),
        delivery.redeliveredAs().orElse(null));
  }

  private static @Nullable Integer boxed(OptionalInt status) {
    return status.isPresent() ? status.getAsInt() : null;
  }
}
