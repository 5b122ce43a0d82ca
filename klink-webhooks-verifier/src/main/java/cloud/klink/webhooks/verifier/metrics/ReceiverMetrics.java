package cloud.klink.webhooks.verifier.metrics;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.RefusedRequest;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.receive.WebhookReceiverListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Meters of one receiver, in any number of registries. Add it to the receiver as a listener, and
 * bind it to registries before or after the receiver is built:
 *
 * <pre>{@code
 * ReceiverMetrics metrics = ReceiverMetrics.create();
 * WebhookReceiver receiver = WebhookReceiver.builder(verifier).listener(metrics).….build();
 * metrics.bindTo(registry);
 * }</pre>
 *
 * <p>The meters, by their names in Micrometer; a registry may write them in another way, as
 * {@code klink_webhooks_receiver_accepted_total} for Prometheus. They cover this node, from the
 * time at which the registry was bound.
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><th>name</th><th>kind and tags</th><th>what it measures</th></tr>
 *   <tr><td>{@code klink.webhooks.receiver.accepted}</td>
 *     <td>counter; {@code outcome}: {@code processed}, {@code acknowledged} or {@code ignored}</td>
 *     <td>webhooks that were answered with success</td></tr>
 *   <tr><td>{@code klink.webhooks.receiver.refused}</td>
 *     <td>counter; {@code reason}: the code of a
 *     {@link cloud.klink.webhooks.verifier.RefusalReason}</td><td>requests that were refused</td>
 *     </tr>
 *   <tr><td>{@code klink.webhooks.receiver.duplicates}</td><td>counter</td>
 *     <td>webhooks that arrived again after they were processed</td></tr>
 *   <tr><td>{@code klink.webhooks.receiver.verification}</td>
 *     <td>timer; {@code outcome}: {@code authentic} or {@code refused}</td>
 *     <td>time to verify, without waiting for the body</td></tr>
 *   <tr><td>{@code klink.webhooks.receiver.handlers}</td>
 *     <td>timer; {@code outcome}: {@code success} or {@code failure}</td>
 *     <td>time in handlers</td></tr>
 *   <tr><td>{@code klink.webhooks.receiver.outstanding}</td><td>gauge</td>
 *     <td>acknowledged events that are not finished</td></tr>
 * </table>
 *
 * <p>Each tag has a fixed set of few values, whatever is sent to the receiver. Safe for use by many
 * threads.
 */
public final class ReceiverMetrics implements MeterBinder, WebhookReceiverListener {
  private final Tags tags;
  private final AtomicReference<@Nullable WebhookReceiver> receiver = new AtomicReference<>();
  private final List<ReceiverMeters> bound = new CopyOnWriteArrayList<>();

  private ReceiverMetrics(Tags tags) {
    this.tags = tags;
  }

  /**
   * Meters without further tags.
   *
   * @return meters that have no receiver and no registry yet
   */
  public static ReceiverMetrics create() {
    return new ReceiverMetrics(Tags.empty());
  }

  /**
   * Meters with further tags, for example with a name for each receiver where a process has
   * several.
   *
   * @param tags added to every meter
   * @return meters that have no receiver and no registry yet
   */
  public static ReceiverMetrics create(Iterable<Tag> tags) {
    return new ReceiverMetrics(Tags.of(tags));
  }

  /**
   * Adds the meters to a registry, which then receives all measurements.
   *
   * @param registry the registry
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    bound.add(new ReceiverMeters(registry, tags, this::outstanding));
  }

  private Number outstanding() {
    WebhookReceiver source = receiver.get();
    return source == null ? Double.NaN : source.outstanding();
  }

  /**
   * Connects the meters to their receiver, which calls this when it is built.
   *
   * @throws IllegalStateException if the meters have a receiver already
   */
  @Override
  public void onBuilt(WebhookReceiver source) {
    if (!receiver.compareAndSet(null, source)) {
      throw new IllegalStateException(
          "listener: these meters belong to another receiver; create others with different tags");
    }
  }

  @Override
  public void onVerified(VerifiedWebhook webhook, Duration time) {
    each(meters -> meters.verified(time));
  }

  @Override
  public void onAccepted(VerifiedWebhook webhook, ReceiverResponse response) {
    each(meters -> meters.accepted(response.code()));
  }

  @Override
  public void onDuplicate(VerifiedWebhook webhook) {
    each(ReceiverMeters::duplicate);
  }

  @Override
  public void onRefused(RefusedRequest refused) {
    each(meters -> meters.refused(refused));
  }

  @Override
  public void onHandled(VerifiedWebhook webhook, Duration time) {
    each(meters -> meters.handled("success", time));
  }

  @Override
  public void onHandlerFailed(VerifiedWebhook webhook, Duration time, Throwable failure) {
    each(meters -> meters.handled("failure", time));
  }

  private void each(Consumer<ReceiverMeters> call) {
    bound.forEach(call);
  }
}
