package cloud.klink.webhooks.sender.metrics;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.health.Health;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.webhook.Pause;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Meters of one sender, in any number of registries. It is a listener of the sender's, and binds
 * itself to registries before or after the sender is built:
 *
 * <pre>{@code
 * SenderMetrics metrics = SenderMetrics.create();
 * WebhookSender sender = WebhookSender.builder(storage).listener(metrics).build();
 * metrics.bindTo(registry);
 * }</pre>
 *
 * <p>The meters, by their names in Micrometer; a registry may write them in another way, as
 * {@code klink_webhooks_attempts_seconds} for Prometheus. Those of the first part are of what this
 * node did since the registry was bound, and miss what a listener misses. Those of the second part
 * tell of this node, those of the third of the storage and so of all nodes together: take the
 * greatest of several nodes' there, not the sum.
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><th>name</th><th>kind, unit and tags</th><th>what it tells</th></tr>
 *   <tr><td>{@code klink.webhooks.attempts}</td>
 *     <td>timer; {@code outcome}: the id of an
 *     {@link cloud.klink.webhooks.sender.delivery.AttemptOutcome}; {@code method}: {@code webhook}
 *     or {@code websocket}</td><td>attempts, and how long they took</td></tr>
 *   <tr><td>{@code klink.webhooks.deliveries.finished}</td>
 *     <td>counter; {@code state}: {@code succeeded} or {@code failed}</td>
 *     <td>deliveries that an attempt has ended; not those that people cancelled or discarded</td>
 *     </tr>
 *   <tr><td>{@code klink.webhooks.pauses}</td>
 *     <td>counter; {@code cause}: the id of a
 *     {@link cloud.klink.webhooks.sender.webhook.PauseCause}</td><td>webhooks that were paused</td>
 *     </tr>
 *   <tr><td>{@code klink.webhooks.recoveries}</td><td>counter</td>
 *     <td>webhooks that succeeded after failures</td></tr>
 *   <tr><td>{@code klink.webhooks.attempts.in.flight}</td><td>gauge</td>
 *     <td>attempts that are being made</td></tr>
 *   <tr><td>{@code klink.webhooks.deliveries.queued}</td><td>gauge</td>
 *     <td>claimed deliveries in memory</td></tr>
 *   <tr><td>{@code klink.webhooks.outage}</td><td>gauge, a time</td>
 *     <td>for how long the node has seemed to be cut off; 0 if it does not</td></tr>
 *   <tr><td>{@code klink.webhooks.webhooks.unreadable}</td><td>gauge</td>
 *     <td>webhooks whose stored secrets it cannot read</td></tr>
 *   <tr><td>{@code klink.webhooks.listeners.dropped}</td><td>counter in events</td>
 *     <td>events that slow listeners missed</td></tr>
 *   <tr><td>{@code klink.webhooks.storage.up}</td><td>gauge</td>
 *     <td>1 if this node reaches the storage, otherwise 0</td></tr>
 *   <tr><td>{@code klink.webhooks.deliveries.waiting}</td><td>gauge</td>
 *     <td>deliveries of active webhooks that wait, those being sent included</td></tr>
 *   <tr><td>{@code klink.webhooks.deliveries.held}</td><td>gauge</td>
 *     <td>deliveries of paused webhooks that wait</td></tr>
 *   <tr><td>{@code klink.webhooks.deliveries.oldest.due}</td><td>gauge, a time</td>
 *     <td>for how long the oldest delivery has been due; 0 if none is</td></tr>
 *   <tr><td>{@code klink.webhooks.webhooks.paused}</td><td>gauge</td>
 *     <td>webhooks that are paused</td></tr>
 * </table>
 *
 * <p>Gauges ask for the sender's health, which asks the storage at most once in 10 seconds, and
 * makes at most one reading wait, for at most 2 seconds. What is not known is {@code NaN}: all of
 * them before the sender is built, and what is counted in the storage while that is out of reach.
 * Gauges throw nothing.
 *
 * <p>Tags have few values, unless {@link #create(Iterable, Function)} adds others. Safe for use by
 * many threads.
 */
public final class SenderMetrics implements MeterBinder, SenderListener, AutoCloseable {
  private final Tags tags;
  private final Function<AttemptEvent, ? extends Iterable<Tag>> attemptTags;
  private final AtomicReference<Supplier<Health>> health = new AtomicReference<>();
  private final List<Meters> bound = new CopyOnWriteArrayList<>();

  private SenderMetrics(Tags tags, Function<AttemptEvent, ? extends Iterable<Tag>> attemptTags) {
    this.tags = tags;
    this.attemptTags = attemptTags;
  }

  /**
   * Meters without further tags.
   *
   * @return meters that are neither a sender's nor in a registry yet
   */
  public static SenderMetrics create() {
    return create(Tags.empty(), event -> Tags.empty());
  }

  /**
   * Meters with tags of their own.
   *
   * @param tags tags of every meter, as the sender's name where a process has several
   * @param attemptTags gives further tags of {@code klink.webhooks.attempts}, as the webhook's id
   *     or the event's name, always with the same keys; asked for each attempt. Each combination of
   *     values is one more timer, kept as long as the registry is: with as many values as there are
   *     webhooks, memory and the number of series grow without a bound
   * @return meters that are neither a sender's nor in a registry yet
   */
  public static SenderMetrics create(
      Iterable<Tag> tags, Function<AttemptEvent, ? extends Iterable<Tag>> attemptTags) {
    return new SenderMetrics(
        Tags.of(Objects.requireNonNull(tags, "tags")),
        Objects.requireNonNull(attemptTags, "attemptTags"));
  }

  /**
   * Adds the meters to a registry, which then receives all measurements.
   *
   * @param registry the registry
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    bound.add(new Meters(registry, tags, new Readings(health::get)));
  }

  /**
   * Takes the gauges out of the registries, so that another sender's can take their place. What was
   * counted stays; nothing more is.
   */
  @Override
  public void close() {
    List<Meters> all = List.copyOf(bound);
    bound.removeAll(all);
    all.forEach(Meters::removeGauges);
  }

  /**
   * Is called by the sender.
   *
   * @throws IllegalStateException if there was a sender before
   */
  @Override
  public void onBuilt(Supplier<Health> source) {
    if (!health.compareAndSet(null, source)) {
      throw new IllegalStateException(
          "listener: these meters are another sender's; make others, with tags that differ");
    }
  }

  @Override
  public void onAttempt(AttemptEvent event) {
    Tags more = Tags.of(attemptTags.apply(event));
    each(meters -> meters.attempt(event.attempt(), more));
  }

  @Override
  public void onSuccess(AttemptEvent event) {
    each(meters -> meters.finished(DeliveryState.SUCCEEDED));
  }

  @Override
  public void onExhausted(AttemptEvent event) {
    each(meters -> meters.finished(DeliveryState.FAILED));
  }

  @Override
  public void onPaused(String webhookId, Pause pause, List<Attempt> failures) {
    each(meters -> meters.paused(pause.cause()));
  }

  @Override
  public void onRecovered(String webhookId, long failures, Instant failingSince) {
    each(Meters::recovered);
  }

  private void each(Consumer<Meters> call) {
    bound.forEach(call);
  }
}
