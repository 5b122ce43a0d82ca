package cloud.klink.webhooks.sender.delivery;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way to one webhook. Immutable, free of the sender's secrets, and printed as JSON
 * by Jackson 2 and 3. Storages make it; later versions may have more methods.
 */
public final class Delivery {
  private final String id;
  private final String webhookId;
  private final Environment environment;
  private final String eventId;
  private final EventName eventName;
  private final DeliveryState state;
  private final int attempts;
  private final @Nullable Instant dueAt;
  private final Instant createdAt;
  private final @Nullable Instant finishedAt;
  private final @Nullable AttemptOutcome lastOutcome;
  private final OptionalInt lastStatus;
  private final String lastPreview;
  private final @Nullable String redeliveryOf;
  private final @Nullable String redeliveredAs;

  private Delivery(Builder builder) {
    this.id = required("id", builder.id);
    this.webhookId = required("webhookId", builder.webhookId);
    this.environment = required("environment", builder.environment);
    this.eventId = required("eventId", builder.eventId);
    this.eventName = required("eventName", builder.eventName);
    this.state = required("state", builder.state);
    this.attempts = builder.attempts;
    this.dueAt = builder.dueAt;
    this.createdAt = required("createdAt", builder.createdAt);
    this.finishedAt = builder.finishedAt;
    this.lastOutcome = builder.lastOutcome;
    this.lastStatus = builder.lastStatus;
    this.lastPreview = builder.lastPreview;
    this.redeliveryOf = builder.redeliveryOf;
    this.redeliveredAs = builder.redeliveredAs;
  }

  private static <T> T required(String field, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(field + ": it is required");
    }
    return value;
  }

  /**
   * Starts a delivery; for storages.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A builder with the values of this delivery.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.id = id;
    builder.webhookId = webhookId;
    builder.environment = environment;
    builder.eventId = eventId;
    builder.eventName = eventName;
    builder.state = state;
    builder.attempts = attempts;
    builder.dueAt = dueAt;
    builder.createdAt = createdAt;
    builder.finishedAt = finishedAt;
    builder.lastOutcome = lastOutcome;
    builder.lastStatus = lastStatus;
    builder.lastPreview = lastPreview;
    builder.redeliveryOf = redeliveryOf;
    builder.redeliveredAs = redeliveredAs;
    return builder;
  }

  /**
   * The id, given by the sender.
   *
   * @return the delivery's id
   */
  public String id() {
    return id;
  }

  /**
   * The webhook that it goes to, which may be deleted since.
   *
   * @return the webhook's id
   */
  public String webhookId() {
    return webhookId;
  }

  /**
   * The environment of its event and its webhook.
   *
   * @return the environment
   */
  public Environment environment() {
    return environment;
  }

  /**
   * The event.
   *
   * @return the event's id
   */
  public String eventId() {
    return eventId;
  }

  /**
   * The name of the event.
   *
   * @return the name
   */
  public EventName eventName() {
    return eventName;
  }

  /**
   * Its state.
   *
   * @return the state
   */
  public DeliveryState state() {
    return state;
  }

  /**
   * How many attempts were made and recorded.
   *
   * @return 0 or more
   */
  public int attempts() {
    return attempts;
  }

  /**
   * When it is to be sent next; while it is being sent, when its lease ends.
   *
   * @return the time, or empty once the state is final
   */
  public Optional<Instant> dueAt() {
    return Optional.ofNullable(dueAt);
  }

  /**
   * When it was published.
   *
   * @return the time
   */
  public Instant createdAt() {
    return createdAt;
  }

  /**
   * When its state became final.
   *
   * @return the time, or empty before
   */
  public Optional<Instant> finishedAt() {
    return Optional.ofNullable(finishedAt);
  }

  /**
   * The outcome of the newest attempt.
   *
   * @return the outcome, or empty if there was no attempt
   */
  public Optional<AttemptOutcome> lastOutcome() {
    return Optional.ofNullable(lastOutcome);
  }

  /**
   * How the endpoint answered the newest attempt.
   *
   * @return the class of the status, or empty if there was no attempt
   */
  public Optional<StatusClass> lastStatusClass() {
    return lastOutcome().map(outcome -> StatusClass.of(outcome, lastStatus));
  }

  /**
   * The HTTP status of the newest attempt.
   *
   * @return the status, or empty if there was no answer or no attempt
   */
  public OptionalInt lastStatus() {
    return lastStatus;
  }

  /**
   * What went wrong in the newest attempt, as {@link AttemptResult#preview()}.
   *
   * @return at most {@value AttemptResult#MAX_PREVIEW_LENGTH} characters; empty after a success, or
   *     if there was no attempt
   */
  public String lastPreview() {
    return lastPreview;
  }

  /**
   * The delivery that this one is a redelivery of.
   *
   * @return its id, or empty if this one is not a redelivery
   */
  public Optional<String> redeliveryOf() {
    return Optional.ofNullable(redeliveryOf);
  }

  /**
   * The newest redelivery of this one.
   *
   * @return its id, or empty if there is none
   */
  public Optional<String> redeliveredAs() {
    return Optional.ofNullable(redeliveredAs);
  }

  /**
   * The values as they are printed as JSON, in a fixed order.
   *
   * @return texts, numbers and maps of these. Times are texts in ISO 8601. Values that are empty
   *     are left out
   */
  @JsonValue
  public Map<String, Object> toMap() {
    return DeliveryJson.of(this);
  }

  /** Deliveries are equal if all that they tell is. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Delivery delivery && toMap().equals(delivery.toMap());
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "Delivery[" + id + ", " + state + ", attempts=" + attempts + "]";
  }

  /** Collects what a storage knows of a delivery. Not for use by several threads. */
  public static final class Builder {
    private @Nullable String id;
    private @Nullable String webhookId;
    private @Nullable Environment environment;
    private @Nullable String eventId;
    private @Nullable EventName eventName;
    private @Nullable DeliveryState state;
    private int attempts;
    private @Nullable Instant dueAt;
    private @Nullable Instant createdAt;
    private @Nullable Instant finishedAt;
    private @Nullable AttemptOutcome lastOutcome;
    private OptionalInt lastStatus = OptionalInt.empty();
    private String lastPreview = "";
    private @Nullable String redeliveryOf;
    private @Nullable String redeliveredAs;

    private Builder() {}

    /**
     * The id, given by the sender.
     *
     * @param id the delivery's id
     * @return this builder
     */
    public Builder id(String id) {
      this.id = Objects.requireNonNull(id, "id");
      return this;
    }

    /**
     * The webhook that it goes to, which may be deleted since.
     *
     * @param webhookId the webhook's id
     * @return this builder
     */
    public Builder webhookId(String webhookId) {
      this.webhookId = Objects.requireNonNull(webhookId, "webhookId");
      return this;
    }

    /**
     * The environment of its event and its webhook.
     *
     * @param environment the environment
     * @return this builder
     */
    public Builder environment(Environment environment) {
      this.environment = Objects.requireNonNull(environment, "environment");
      return this;
    }

    /**
     * The event.
     *
     * @param eventId the event's id
     * @return this builder
     */
    public Builder eventId(String eventId) {
      this.eventId = Objects.requireNonNull(eventId, "eventId");
      return this;
    }

    /**
     * The name of the event.
     *
     * @param eventName the name
     * @return this builder
     */
    public Builder eventName(EventName eventName) {
      this.eventName = Objects.requireNonNull(eventName, "eventName");
      return this;
    }

    /**
     * Its state.
     *
     * @param state the state
     * @return this builder
     */
    public Builder state(DeliveryState state) {
      this.state = Objects.requireNonNull(state, "state");
      return this;
    }

    /**
     * How many attempts were made and recorded.
     *
     * @param attempts 0 or more
     * @return this builder
     */
    public Builder attempts(int attempts) {
      this.attempts = attempts;
      return this;
    }

    /**
     * When it is to be sent next; while it is being sent, when its lease ends.
     *
     * @param dueAt the time, or null
     * @return this builder
     */
    public Builder dueAt(@Nullable Instant dueAt) {
      this.dueAt = dueAt;
      return this;
    }

    /**
     * When it was published.
     *
     * @param createdAt the time
     * @return this builder
     */
    public Builder createdAt(Instant createdAt) {
      this.createdAt = Objects.requireNonNull(createdAt, "createdAt");
      return this;
    }

    /**
     * When its state became final.
     *
     * @param finishedAt the time, or null
     * @return this builder
     */
    public Builder finishedAt(@Nullable Instant finishedAt) {
      this.finishedAt = finishedAt;
      return this;
    }

    /**
     * The result of the newest attempt; there was none unless this is called.
     *
     * @param outcome the outcome
     * @param status the HTTP status, or empty
     * @param preview as {@link AttemptResult#preview()}; a longer text is truncated
     * @return this builder
     */
    public Builder lastAttempt(AttemptOutcome outcome, OptionalInt status, String preview) {
      this.lastOutcome = outcome;
      this.lastStatus = status;
      this.lastPreview = TextSanitizer.lines(preview, AttemptResult.MAX_PREVIEW_LENGTH);
      return this;
    }

    /**
     * The delivery that this one is a redelivery of.
     *
     * @param redeliveryOf its id, or null
     * @return this builder
     */
    public Builder redeliveryOf(@Nullable String redeliveryOf) {
      this.redeliveryOf = redeliveryOf;
      return this;
    }

    /**
     * The newest redelivery of this one.
     *
     * @param redeliveredAs its id, or null
     * @return this builder
     */
    public Builder redeliveredAs(@Nullable String redeliveredAs) {
      this.redeliveredAs = redeliveredAs;
      return this;
    }

    /**
     * Builds the delivery.
     *
     * @return the delivery
     * @throws IllegalArgumentException if a value is missing that every delivery has
     */
    public Delivery build() {
      return new Delivery(this);
    }
  }
}
