package cloud.klink.webhooks.sender.webhook;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A webhook: a destination of events with its subscriptions. Immutable. It holds no secrets: the
 * signing secret and the value of the authentication header are stored apart. Jackson 2 and 3 print
 * it as {@link #toMap}.
 */
public final class Webhook {
  private final String id;
  private final Environment environment;
  private final String name;
  private final DeliveryMethod method;
  private final String url;
  private final String authenticationHeader;
  private final SortedSet<String> subscriptions;
  private final @Nullable Pause pause;
  private final Instant activeSince;
  private final Instant createdAt;
  private final Instant updatedAt;
  private final long version;

  private Webhook(Builder builder) {
    this.id = required("id", builder.id);
    this.environment = required("environment", builder.environment);
    this.name = required("name", builder.name);
    this.method = builder.method;
    this.url = required("url", builder.url);
    this.authenticationHeader = builder.authenticationHeader;
    this.subscriptions = Collections.unmodifiableSortedSet(new TreeSet<>(builder.subscriptions));
    this.pause = builder.pause;
    this.createdAt = required("createdAt", builder.createdAt);
    this.activeSince = Objects.requireNonNullElse(builder.activeSince, createdAt);
    this.updatedAt = Objects.requireNonNullElse(builder.updatedAt, createdAt);
    this.version = builder.version;
  }

  private static <T> T required(String field, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(field + ": it is required; set it in the builder");
    }
    return value;
  }

  /**
   * Starts a webhook. This is for storages and for the sender, which checks each field. Users
   * create webhooks by {@code WebhookSender.webhooks()}.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A builder with the values of this webhook.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.id = id;
    builder.environment = environment;
    builder.name = name;
    builder.method = method;
    builder.url = url;
    builder.authenticationHeader = authenticationHeader;
    builder.subscriptions = subscriptions;
    builder.pause = pause;
    builder.activeSince = activeSince;
    builder.createdAt = createdAt;
    builder.updatedAt = updatedAt;
    builder.version = version;
    return builder;
  }

  /**
   * The id, given by the sender.
   *
   * @return a text of ASCII letters, digits and {@code _}
   */
  public String id() {
    return id;
  }

  /**
   * The environment, fixed at creation.
   *
   * @return the environment whose events it receives
   */
  public Environment environment() {
    return environment;
  }

  /**
   * The name.
   *
   * @return the name, for people
   */
  public String name() {
    return name;
  }

  /**
   * How deliveries reach it.
   *
   * @return the method
   */
  public DeliveryMethod method() {
    return method;
  }

  /**
   * The endpoint.
   *
   * @return its URL, as it was given
   */
  public String url() {
    return url;
  }

  /**
   * The header by which the sender authenticates to the endpoint, beside the signature. Its value
   * is a secret and is not part of this object.
   *
   * @return the header's name, {@code Authorization} for basic authentication; empty if there is no
   *     such header
   */
  public Optional<String> authenticationHeader() {
    return authenticationHeader.isEmpty() ? Optional.empty() : Optional.of(authenticationHeader);
  }

  /**
   * The subscriptions. Each is the name of an event, such as {@code contact.created}, or the name
   * of a group and {@code .*}, such as {@code contact.*}, for all events of the group, including
   * those that are added to it later.
   *
   * @return at least one, in their natural order
   */
  public SortedSet<String> subscriptions() {
    return subscriptions;
  }

  /**
   * Whether the webhook is subscribed to an event, by its name or by its group.
   *
   * @param event the event's name
   * @return true if such an event is delivered to this webhook
   */
  public boolean isSubscribedTo(EventName event) {
    return !Collections.disjoint(selectorsOf(event), subscriptions);
  }

  /**
   * The subscriptions that match an event.
   *
   * @param event the event's name
   * @return the event's name, and the name of its group with {@code .*}
   */
  public static List<String> selectorsOf(EventName event) {
    String name = event.value();
    int dot = name.indexOf('.');
    return dot < 0 ? List.of(name) : List.of(name, name.substring(0, dot) + ".*");
  }

  /**
   * The pause.
   *
   * @return why and since when it is paused; empty while it is active
   */
  public Optional<Pause> pause() {
    return Optional.ofNullable(pause);
  }

  /**
   * Whether the webhook is paused.
   *
   * @return true if its deliveries are held
   */
  public boolean isPaused() {
    return pause != null;
  }

  /**
   * Since when it has been active: its creation, or the last time it was resumed. Earlier failures
   * do not count towards an automatic pause.
   *
   * @return the time
   */
  public Instant activeSince() {
    return activeSince;
  }

  /**
   * When it was created.
   *
   * @return the time
   */
  public Instant createdAt() {
    return createdAt;
  }

  /**
   * When it was last changed.
   *
   * @return the time
   */
  public Instant updatedAt() {
    return updatedAt;
  }

  /**
   * The values that are printed as JSON, in a fixed order, without the signing secret and the value
   * of the authentication header.
   *
   * @return texts, numbers, booleans, lists of texts and maps of texts. Times are texts in ISO
   *     8601. Values that are empty are left out
   */
  @JsonValue
  public Map<String, Object> toMap() {
    return WebhookJson.of(this);
  }

  /**
   * The version. A change is made from a version and is refused if there is a newer one.
   *
   * @return 1 for a new webhook, and one more for each change
   */
  public long version() {
    return version;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Webhook webhook
        && id.equals(webhook.id)
        && environment == webhook.environment
        && name.equals(webhook.name)
        && method == webhook.method
        && url.equals(webhook.url)
        && authenticationHeader.equals(webhook.authenticationHeader)
        && subscriptions.equals(webhook.subscriptions)
        && Objects.equals(pause, webhook.pause)
        && activeSince.equals(webhook.activeSince)
        && createdAt.equals(webhook.createdAt)
        && updatedAt.equals(webhook.updatedAt)
        && version == webhook.version;
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, version);
  }

  /**
   * Returns the id, the name, the environment and the state, but not the URL, which may hold a
   * secret.
   */
  @Override
  public String toString() {
    return "Webhook[" + id + ", " + name + ", " + environment.id() + ", "
        + (pause == null ? "active" : "paused") + ", version " + version + "]";
  }

  /** Builds a webhook. Not safe for use by several threads at once. */
  public static final class Builder {
    private @Nullable String id;
    private @Nullable Environment environment;
    private @Nullable String name;
    private DeliveryMethod method = DeliveryMethod.WEBHOOK;
    private @Nullable String url;
    private String authenticationHeader = "";
    private Collection<String> subscriptions = new TreeSet<>();
    private @Nullable Pause pause;
    private @Nullable Instant activeSince;
    private @Nullable Instant createdAt;
    private @Nullable Instant updatedAt;
    private long version = 1;

    private Builder() {}

    /**
     * The id; required.
     *
     * @param id the id
     * @return this builder
     */
    public Builder id(String id) {
      this.id = id;
      return this;
    }

    /**
     * The environment; required.
     *
     * @param environment the environment
     * @return this builder
     */
    public Builder environment(Environment environment) {
      this.environment = environment;
      return this;
    }

    /**
     * The name; required.
     *
     * @param name the name
     * @return this builder
     */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /**
     * The method; {@link DeliveryMethod#WEBHOOK} unless this is called.
     *
     * @param method the method
     * @return this builder
     */
    public Builder method(DeliveryMethod method) {
      this.method = method;
      return this;
    }

    /**
     * The endpoint; required.
     *
     * @param url its URL
     * @return this builder
     */
    public Builder url(String url) {
      this.url = url;
      return this;
    }

    /**
     * The name of the header by which the sender authenticates; none unless this is called.
     *
     * @param name the header's name; empty for none
     * @return this builder
     */
    public Builder authenticationHeader(String name) {
      this.authenticationHeader = name;
      return this;
    }

    /**
     * The subscriptions, in place of those so far.
     *
     * @param subscriptions names of events, or of groups with {@code .*}
     * @return this builder
     */
    public Builder subscriptions(Collection<String> subscriptions) {
      this.subscriptions = new TreeSet<>(subscriptions);
      return this;
    }

    /**
     * The pause, or null for an active webhook.
     *
     * @param pause the pause
     * @return this builder
     */
    public Builder pause(@Nullable Pause pause) {
      this.pause = pause;
      return this;
    }

    /**
     * Since when it has been active; its creation unless this is called.
     *
     * @param activeSince the time
     * @return this builder
     */
    public Builder activeSince(Instant activeSince) {
      this.activeSince = activeSince;
      return this;
    }

    /**
     * When it was created; required.
     *
     * @param createdAt the time
     * @return this builder
     */
    public Builder createdAt(Instant createdAt) {
      this.createdAt = createdAt;
      return this;
    }

    /**
     * When it was last changed; its creation unless this is called.
     *
     * @param updatedAt the time
     * @return this builder
     */
    public Builder updatedAt(Instant updatedAt) {
      this.updatedAt = updatedAt;
      return this;
    }

    /**
     * The version; 1 unless this is called.
     *
     * @param version the version
     * @return this builder
     */
    public Builder version(long version) {
      this.version = version;
      return this;
    }

    /**
     * Builds the webhook.
     *
     * @return the webhook
     * @throws IllegalArgumentException if a required value is missing
     */
    public Webhook build() {
      return new Webhook(this);
    }
  }
}
