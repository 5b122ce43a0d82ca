package cloud.klink.webhooks.sender.delivery;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.internal.Ranges;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A search of the log. A delivery matches if it meets all conditions. Times are truncated to
 * microseconds, as in the log. Immutable.
 */
public final class DeliveryQuery {
  /** How many deliveries one page has at most. */
  public static final int MAX_LIMIT = 1_000;

  /**
   * The most deliveries that one search looks at before it returns what it has found and where to
   * continue. If several parts of the log are searched (both environments, or failures of each kind
   * of answer), it looks at as many in each.
   */
  public static final int MAX_EXAMINED = 10_000;

  private static final int DEFAULT_LIMIT = 100;

  private final @Nullable String webhookId;
  private final @Nullable Environment environment;
  private final @Nullable String eventId;
  private final @Nullable EventName eventName;
  private final @Nullable DeliveryState state;
  private final @Nullable StatusClass statusClass;
  private final boolean lastFailed;
  private final boolean redeliverable;
  private final @Nullable String anyId;
  private final boolean held;
  private final int minAttempts;
  private final @Nullable Instant from;
  private final @Nullable Instant to;
  private final @Nullable DeliveryCursor after;
  private final int limit;

  private DeliveryQuery(Builder builder) {
    this.webhookId = builder.webhookId;
    this.environment = builder.environment;
    this.eventId = builder.eventId;
    this.eventName = builder.eventName;
    this.state = builder.state;
    this.statusClass = builder.statusClass;
    this.lastFailed = builder.lastFailed;
    this.redeliverable = builder.redeliverable;
    this.anyId = builder.anyId;
    this.held = builder.held;
    this.minAttempts = builder.minAttempts;
    this.from = builder.from;
    this.to = builder.to;
    this.after = builder.after;
    this.limit = builder.limit;
  }

  /**
   * Starts a search for everything.
   *
   * @return a builder, to add conditions
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts a search with the conditions of this one.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.webhookId = webhookId;
    builder.environment = environment;
    builder.eventId = eventId;
    builder.eventName = eventName;
    builder.state = state;
    builder.statusClass = statusClass;
    builder.lastFailed = lastFailed;
    builder.redeliverable = redeliverable;
    builder.anyId = anyId;
    builder.held = held;
    builder.minAttempts = minAttempts;
    builder.from = from;
    builder.to = to;
    builder.after = after;
    builder.limit = limit;
    return builder;
  }

  /**
   * Only deliveries of one webhook, deleted or not.
   *
   * @return its id, or empty for all
   */
  public Optional<String> webhookId() {
    return Optional.ofNullable(webhookId);
  }

  /**
   * Only deliveries of one environment.
   *
   * @return the environment, or empty for both
   */
  public Optional<Environment> environment() {
    return Optional.ofNullable(environment);
  }

  /**
   * Only deliveries of one event.
   *
   * @return its id, or empty for all
   */
  public Optional<String> eventId() {
    return Optional.ofNullable(eventId);
  }

  /**
   * Only deliveries of events of one name.
   *
   * @return the name, or empty for all
   */
  public Optional<EventName> eventName() {
    return Optional.ofNullable(eventName);
  }

  /**
   * Only deliveries in one state.
   *
   * @return the state, or empty for all
   */
  public Optional<DeliveryState> state() {
    return Optional.ofNullable(state);
  }

  /**
   * Only deliveries whose newest attempt had an answer of one class.
   *
   * @return the class, or empty for all, those without an attempt included
   */
  public Optional<StatusClass> statusClass() {
    return Optional.ofNullable(statusClass);
  }

  /**
   * Only deliveries whose newest attempt failed, with any answer or none.
   *
   * @return false for all, those without an attempt included
   */
  public boolean isLastFailed() {
    return lastFailed;
  }

  /**
   * Only deliveries that have ended and were not redelivered.
   *
   * @return false for all
   */
  public boolean isRedeliverable() {
    return redeliverable;
  }

  /**
   * Only deliveries with this delivery id or event id.
   *
   * @return the id, or empty for all
   */
  public Optional<String> anyId() {
    return Optional.ofNullable(anyId);
  }

  /**
   * Only deliveries that are held by a paused webhook.
   *
   * @return false for all
   */
  public boolean isHeld() {
    return held;
  }

  /**
   * Only deliveries with at least so many attempts.
   *
   * @return 0 for all
   */
  public int minAttempts() {
    return minAttempts;
  }

  /**
   * Only deliveries that were published at this time or later.
   *
   * @return the time, or empty for all
   */
  public Optional<Instant> from() {
    return Optional.ofNullable(from);
  }

  /**
   * Only deliveries that were published before this time.
   *
   * @return the time, or empty for all
   */
  public Optional<Instant> to() {
    return Optional.ofNullable(to);
  }

  /**
   * A place in the log, which is ordered by time and, at the same time, by id: just after a
   * delivery, going back in time. For storages, and for those who begin in the middle of a page.
   *
   * @param createdAt when the delivery was published
   * @param id its id, of printable ASCII characters
   * @return a text for {@link Builder#after}
   * @throws IllegalArgumentException if the id has other characters
   */
  public static String cursor(Instant createdAt, String id) {
    return new DeliveryCursor(createdAt, id).toString();
  }

  /**
   * When the delivery was published after which to begin.
   *
   * @return the time, or empty for the newest
   */
  public Optional<Instant> afterTime() {
    return Optional.ofNullable(after).map(DeliveryCursor::createdAt);
  }

  /**
   * The delivery after which to begin, among those that were published at {@link #afterTime}.
   *
   * @return its id, or empty for the newest
   */
  public Optional<String> afterId() {
    return Optional.ofNullable(after).map(DeliveryCursor::id);
  }

  /**
   * The most deliveries that a page has.
   *
   * @return 1 to {@value #MAX_LIMIT}
   */
  public int limit() {
    return limit;
  }

  /** Collects conditions; null takes one away. Not for use by several threads. */
  public static final class Builder {
    private @Nullable String webhookId;
    private @Nullable Environment environment;
    private @Nullable String eventId;
    private @Nullable EventName eventName;
    private @Nullable DeliveryState state;
    private @Nullable StatusClass statusClass;
    private boolean lastFailed;
    private boolean redeliverable;
    private @Nullable String anyId;
    private boolean held;
    private int minAttempts;
    private @Nullable Instant from;
    private @Nullable Instant to;
    private @Nullable DeliveryCursor after;
    private int limit = DEFAULT_LIMIT;

    private Builder() {}

    /**
     * Only deliveries of one webhook.
     *
     * @param id its id
     * @return this builder
     */
    public Builder webhook(@Nullable String id) {
      this.webhookId = id;
      return this;
    }

    /**
     * Only deliveries of one environment.
     *
     * @param only the environment
     * @return this builder
     */
    public Builder environment(@Nullable Environment only) {
      this.environment = only;
      return this;
    }

    /**
     * Only deliveries of one event.
     *
     * @param id its id
     * @return this builder
     */
    public Builder event(@Nullable String id) {
      this.eventId = id;
      return this;
    }

    /**
     * Only deliveries of events of one name.
     *
     * @param name the name
     * @return this builder
     */
    public Builder eventName(@Nullable EventName name) {
      this.eventName = name;
      return this;
    }

    /**
     * Only deliveries in one state.
     *
     * @param only the state
     * @return this builder
     */
    public Builder state(@Nullable DeliveryState only) {
      this.state = only;
      return this;
    }

    /**
     * Only deliveries whose newest attempt had an answer of one class.
     *
     * @param only the class
     * @return this builder
     */
    public Builder statusClass(@Nullable StatusClass only) {
      this.statusClass = only;
      return this;
    }

    /**
     * Only deliveries whose newest attempt failed, with any answer or none: those that are tried
     * again are among them.
     *
     * @param only false for all
     * @return this builder
     */
    public Builder lastFailed(boolean only) {
      this.lastFailed = only;
      return this;
    }

    /**
     * Only deliveries that have ended, whatever the result, and were not redelivered.
     *
     * @param only false for all
     * @return this builder
     */
    public Builder redeliverable(boolean only) {
      this.redeliverable = only;
      return this;
    }

    /**
     * Only deliveries with this delivery id or event id, for a search by either.
     *
     * @param id the id
     * @return this builder
     */
    public Builder anyId(@Nullable String id) {
      this.anyId = id;
      return this;
    }

    /**
     * Only deliveries that are held by a paused webhook.
     *
     * @param only false for all
     * @return this builder
     */
    public Builder held(boolean only) {
      this.held = only;
      return this;
    }

    /**
     * Only deliveries with at least so many attempts.
     *
     * @param count 0 for all
     * @return this builder
     */
    public Builder minAttempts(int count) {
      this.minAttempts = count;
      return this;
    }

    /**
     * Only deliveries that were published at this time or later.
     *
     * @param first the time
     * @return this builder
     */
    public Builder from(@Nullable Instant first) {
      this.from = first;
      return this;
    }

    /**
     * Only deliveries that were published before this time.
     *
     * @param end the time
     * @return this builder
     */
    public Builder to(@Nullable Instant end) {
      this.to = end;
      return this;
    }

    /**
     * Only deliveries after a place in the log: the next page.
     *
     * @param place where the page before ended, as {@link DeliveryPage#next} or {@link #cursor}
     *     returned it; null for the newest
     * @return this builder
     * @throws IllegalArgumentException if the text is not one that was returned
     */
    public Builder after(@Nullable String place) {
      this.after = place == null ? null : DeliveryCursor.parse(place);
      return this;
    }

    /**
     * The most deliveries that a page has; 100 unless this is called.
     *
     * @param count 1 to {@value DeliveryQuery#MAX_LIMIT}
     * @return this builder
     */
    public Builder limit(int count) {
      this.limit = count;
      return this;
    }

    /**
     * Builds the query.
     *
     * @return the query
     * @throws IllegalArgumentException if the limit is out of its range, the number of attempts is
     *     below 0, or the times are in the wrong order
     */
    public DeliveryQuery build() {
      Ranges.check("limit", limit, 1, MAX_LIMIT);
      Ranges.checkAtLeast("minAttempts", minAttempts, 0);
      if (from != null && to != null && Objects.requireNonNull(to).isBefore(from)) {
        throw new IllegalArgumentException("to: it must not be before from");
      }
      return new DeliveryQuery(this);
    }
  }
}
