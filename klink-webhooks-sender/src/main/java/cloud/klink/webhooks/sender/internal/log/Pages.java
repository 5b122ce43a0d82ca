package cloud.klink.webhooks.sender.internal.log;

import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.storage.Storage;
import java.util.Collections;
import java.util.Iterator;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The deliveries that a search finds, page by page. */
final class Pages extends Spliterators.AbstractSpliterator<Delivery> {
  private final Storage storage;
  private @Nullable DeliveryQuery next;
  private Iterator<Delivery> page = Collections.emptyIterator();

  Pages(Storage storage, DeliveryQuery query) {
    super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL);
    this.storage = storage;
    this.next = Objects.requireNonNull(query, "query");
  }

  @Override
  public boolean tryAdvance(Consumer<? super Delivery> action) {
    // A page may be empty although another follows.
    while (!page.hasNext() && next != null) {
      DeliveryQuery query = next;
      DeliveryPage found = storage.search(query);
      page = found.deliveries().iterator();
      next = found.next().map(place -> query.toBuilder().after(place).build()).orElse(null);
    }
    if (!page.hasNext()) {
      return false;
    }
    action.accept(page.next());
    return true;
  }
}
