package cloud.klink.webhooks.event;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event in its envelope: {@code {"event": …, "timestamp": …, "id": …, "data": …}}.
 *
 * <p>Immutable and safe for use by many threads: JSON trees are copied when they are given and when
 * they are returned.
 */
public final class Event {
  /** The longest id that may be published, in characters. */
  public static final int MAX_ID_LENGTH = 100;

  private final EventName name;
  private final EventTimestamp timestamp;
  private final @Nullable String id;
  private final JsonNode data;

  Event(EventName name, EventTimestamp timestamp, @Nullable String id, JsonNode data) {
    this.name = name;
    this.timestamp = timestamp;
    this.id = id;
    this.data = data;
  }

  /**
   * Starts an event that is to be published.
   *
   * @param name its name, which must be fit for publishing
   * @return a builder that still needs a timestamp
   * @throws MalformedException if the name is not fit for publishing
   */
  public static Builder builder(EventName name) {
    return new Builder(EventName.of(name.value()));
  }

  /**
   * Reads an event from a body. Unknown fields are ignored.
   *
   * @param json the body, in UTF-8
   * @return the event, whatever its name
   * @throws MalformedException if the body is not a JSON object, its {@code event} is not a string,
   *     or its {@code data} is missing; the message names the field. A malformed timestamp is
   *     accepted here, and {@link #timestamp} fails
   */
  public static Event parse(byte[] json) {
    return EventJson.read(json);
  }

  /**
   * The name.
   *
   * @return the name; any text if the event was received
   */
  public EventName name() {
    return name;
  }

  /**
   * When the event happened. Received timestamps are read as ISO 8601 with an offset in any of its
   * spellings ({@code Z}, {@code +00:00}, {@code +0000}, {@code +00}, a space for the {@code T}),
   * and as seconds, milliseconds, microseconds or nanoseconds since 1970, distinguished by their
   * magnitude.
   *
   * @return an instant, on the wire with microseconds
   * @throws MalformedException if the event was received without a timestamp, or with one in
   *     another form; see {@link #timestampText}
   */
  public Instant timestamp() {
    return timestamp.instant();
  }

  /**
   * The timestamp as it was received.
   *
   * @return the string, the number without an exponent, or the JSON of another value; empty if the
   *     event has none. For an event that is to be published, its text on the wire
   */
  public Optional<String> timestampText() {
    return timestamp.text();
  }

  /**
   * The id, by which receivers recognise a repetition.
   *
   * @return empty if the event has none
   */
  public Optional<String> id() {
    return Optional.ofNullable(id);
  }

  /**
   * What happened: the contact, message or room.
   *
   * @return a copy that the caller may change; JSON null if there is nothing
   */
  public JsonNode data() {
    return data.deepCopy();
  }

  /**
   * What happened, as JSON text, for an application whose JSON library is not Jackson 2.
   *
   * @return JSON without white space; {@code null} if there is nothing
   */
  public String dataAsJson() {
    return EventJson.print(data);
  }

  /**
   * The same event with an id.
   *
   * @param newId 1 to {@value #MAX_ID_LENGTH} of {@code A-Z a-z 0-9 . _ : -}
   * @return the event
   * @throws MalformedException if the id is not of that form
   */
  public Event withId(String newId) {
    return new Event(name, timestamp, checkedId(newId), data);
  }

  /**
   * The body that is signed and sent: canonical JSON in the dialect klink. An integral number
   * within ±2^53 is printed as an integer, so that every dialect agrees on it.
   *
   * @return the canonical body
   * @throws MalformedException if the data has a number that is not finite or beyond the range of
   *     doubles, half a surrogate pair, or more than 1,000 levels; or if the event was received
   *     with a malformed timestamp
   */
  public CanonicalBody toBody() {
    return EventJson.write(this);
  }

  String wireTimestamp() {
    return timestamp.wire();
  }

  JsonNode sharedData() {
    return data;
  }

  private static String checkedId(String id) {
    boolean wellFormed = !id.isEmpty() && id.length() <= MAX_ID_LENGTH;
    for (int i = 0; i < id.length() && wellFormed; i++) {
      char c = id.charAt(i);
      wellFormed = c < 0x80 && (Character.isLetterOrDigit(c) || "._:-".indexOf(c) >= 0);
    }
    if (!wellFormed) {
      throw Malformed.event(
          "id", "it must be 1 to " + MAX_ID_LENGTH + " characters of A-Z a-z 0-9 . _ : -");
    }
    return id;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Event event
        && name.equals(event.name)
        && timestamp.equals(event.timestamp)
        && Objects.equals(id, event.id)
        && data.equals(event.data);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, timestamp, id, data);
  }

  /** Shows the name, the id and the time, not the data. */
  @Override
  public String toString() {
    return "Event[" + name + ", " + (id == null ? "no id" : id) + ", " + timestamp + "]";
  }

  /** Collects an event that is to be published. Not for use by several threads. */
  public static final class Builder {
    private final EventName name;
    private @Nullable Instant timestamp;
    private @Nullable String id;
    private JsonNode data = NullNode.getInstance();

    private Builder(EventName name) {
      this.name = name;
    }

    /**
     * When the event happened; required.
     *
     * @param timestamp an instant in the years 0 to 9999; it is truncated to microseconds
     * @return this builder
     */
    public Builder timestamp(Instant timestamp) {
      this.timestamp = timestamp.truncatedTo(ChronoUnit.MICROS);
      return this;
    }

    /**
     * The id, by which receivers recognise a repetition. The sender generates one for an event
     * without an id.
     *
     * @param id 1 to {@value Event#MAX_ID_LENGTH} of {@code A-Z a-z 0-9 . _ : -}
     * @return this builder
     */
    public Builder id(String id) {
      this.id = Objects.requireNonNull(id, "id");
      return this;
    }

    /**
     * What happened.
     *
     * @param data any JSON; it is copied. {@code mapper.valueToTree(contact)} converts any object
     * @return this builder
     * @throws MalformedException if it holds a POJO or binary node
     */
    public Builder data(JsonNode data) {
      this.data = EventJson.copy(data);
      return this;
    }

    /**
     * What happened, as JSON text.
     *
     * @param json any JSON, without duplicate names
     * @return this builder
     * @throws MalformedException if it is not JSON
     */
    public Builder data(String json) {
      this.data = EventJson.parse("data", json);
      return this;
    }

    /**
     * What happened, as JSON in UTF-8.
     *
     * @param json any JSON, without duplicate names
     * @return this builder
     * @throws MalformedException if it is not JSON, or not UTF-8
     */
    public Builder data(byte[] json) {
      return data(EventJson.text("data", json));
    }

    /**
     * Makes the event.
     *
     * @return the event
     * @throws MalformedException if the timestamp is missing or out of range, or the id does not
     *     have the required form
     */
    public Event build() {
      if (timestamp == null) {
        throw Malformed.event("timestamp", "it is required; call timestamp(Instant)");
      }
      return new Event(name, EventTimestamp.of(timestamp), id == null ? null : checkedId(id), data);
    }
  }
}
