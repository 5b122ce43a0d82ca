package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.HOSTILE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.KHMER;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.TICK;
import static cloud.klink.webhooks.sender.storage.contract.Samples.change;
import static cloud.klink.webhooks.sender.storage.contract.Samples.failMany;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a list of webhooks shows of many at once. */
public interface OverviewContract extends StorageUnderTest {

  @Test
  default void newest_ofManyWebhooks_isWhatASearchFindsFirst() {
    List<Delivery> all = History.of(storage(), 9).deliveries();
    List<String> ids = new ArrayList<>(History.WEBHOOKS);
    ids.addAll(List.of("w1", "", "\0", "\uD800", "%"));
    Map<String, Delivery> expected = new HashMap<>();
    all.stream()
        .sorted(Comparator.comparing(Delivery::createdAt).thenComparing(Delivery::id))
        .forEach(one -> expected.put(one.webhookId(), one));

    assertThat(otherNode().newest(ids)).isEqualTo(expected);
    assertThat(storage().newest(List.of())).isEmpty();
  }

  @Test
  default void newest_ofMoreThanOneStatementTakes_isComplete() {
    String[] ids = IntStream.range(0, 700).mapToObj(i -> "w" + i).toArray(String[]::new);
    insert(storage(), ids);
    Samples.publishMany(storage(), "e", 2);

    assertThat(storage().newest(List.of(ids)).values())
        .hasSize(700)
        .extracting(Delivery::eventId)
        .containsOnly("e1");
  }

  @Test
  default void countFailures_sinceAnyTime_isTheLengthOfTheList() {
    insert(storage(), "w1", "w2", HOSTILE);
    failMany(storage(), "w1", 5);
    for (Attempt failed : storage().failures("w1", T0, Instant.MAX, 100)) {
      Instant end = failed.endedAt();
      for (Instant since : List.of(end.minus(TICK), end, end.plus(TICK))) {
        long expected = storage().failures("w1", since, Instant.MAX, 100).size();
        Map<String, Long> counts = otherNode()
            .countFailures(Map.of("w1", since, "w2", Instant.MAX, "absent", T0, "\0", T0));
        assertThat(counts).isEqualTo(expected == 0 ? Map.of() : Map.of("w1", expected));
      }
    }
    assertThat(storage().countFailures(Map.of("w1", Instant.MIN, HOSTILE, T0)))
        .isEqualTo(Map.of("w1", 5L, HOSTILE, 5L));
    assertThat(storage().countFailures(Map.of())).isEmpty();
  }

  @Test
  default void searchWebhooks_textInNameUrlOrId_findsThoseInPages() {
    for (String id : List.of("a", "b", "c", "d%", HOSTILE)) {
      insert(storage(), id);
    }
    storage().insert(Samples.webhook(Environment.DEVELOPMENT, "t", "contact.created"));
    change(storage(), "a", w -> w.name("Order Updates 100%"));
    change(storage(), "b", w -> w.name(KHMER));
    change(storage(), "c", w -> w.url("https://shop.example.net/Orders_in?x=1"));

    assertThat(ids("order")).containsExactly("a", "c");
    assertThat(ids("ORDER")).containsExactly("a", "c");
    assertThat(ids("100%")).containsExactly("a");
    assertThat(ids("s_i")).containsExactly("c");
    assertThat(ids("%")).contains("a", "d%").doesNotContain("b", "c");
    assertThat(ids(KHMER)).containsExactly("b");
    assertThat(ids("t")).doesNotContain("t");
    assertThat(ids("\0")).isEmpty();
    assertThat(ids(""))
        .hasSize(5)
        .isEqualTo(storage().list(Environment.PRODUCTION, "", 9).stream()
            .map(Webhook::id)
            .toList());
    assertThat(otherNode().search(Environment.PRODUCTION, "order", "", 1))
        .extracting(Webhook::id)
        .containsExactly("a");
    assertThat(otherNode().search(Environment.PRODUCTION, "order", "a", 1))
        .extracting(Webhook::id)
        .containsExactly("c");
  }

  private List<String> ids(String text) {
    return storage().search(Environment.PRODUCTION, text, "", 100).stream()
        .map(Webhook::id)
        .toList();
  }
}
