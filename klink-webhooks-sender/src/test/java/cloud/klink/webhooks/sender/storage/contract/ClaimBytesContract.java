package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.IDS;
import static cloud.klink.webhooks.sender.storage.contract.Samples.LEASE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.TICK;
import static cloud.klink.webhooks.sender.storage.contract.Samples.body;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.NewEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** No claim brings more bytes than it may, but for one delivery that is larger by itself. */
public interface ClaimBytesContract extends StorageUnderTest {
  /** When everything that these tests publish is due. */
  Instant BYTES_DUE = T0.plusSeconds(1);

  @Test
  default void claim_maxBytes_isNotExceeded() {
    insert(storage(), "w1", "w2", "w3");
    publishSized(1_000, 1_000, 1_000, 1_000);

    Claims claims = claimBytes("", 100, 5_500);

    assertThat(claims.deliveries()).hasSize(5);
    assertThat(claims.isTruncated()).isTrue();
    Claims rest = claimBytes(claims.after(), 100, 1_000_000);
    assertThat(rest.deliveries()).hasSize(7);
    assertThat(rest.isTruncated()).isFalse();
  }

  @Test
  default void claim_exactlyMaxBytes_isNotCut() {
    insert(storage(), "w1");
    publishSized(1_000, 1_000, 1_000);

    Claims claims = claimBytes("", 100, 3_000);

    assertThat(claims.deliveries()).hasSize(3);
    assertThat(claims.isTruncated()).isFalse();
  }

  @Test
  default void claim_firstLargerThanMaxBytes_isTakenAlone() {
    insert(storage(), "w1");
    publishSized(300_000, 10, 300_000);

    Claims large = claimBytes("", 100, 1_000);
    assertThat(lengths(large)).containsExactly(300_000);
    assertThat(large.isTruncated()).isTrue();
    Claims small = claimBytes("", 100, 1_000);
    assertThat(lengths(small)).containsExactly(10);
    assertThat(small.isTruncated()).isTrue();
    Claims last = claimBytes("", 100, 1_000);
    assertThat(lengths(last)).containsExactly(300_000);
    assertThat(last.isTruncated()).isFalse();
  }

  @Test
  default void claim_cutByBytes_goesOnWithTheNextWebhook() {
    insert(storage(), "a", "b", "c");
    publishSized(1_000, 1_000);
    List<String> order = new ArrayList<>();
    String after = "";

    for (int i = 0; i < 6; i++) {
      Claims claims = claimBytes(after, 100, 1_500);
      claims.deliveries().forEach(delivery -> order.add(delivery.webhookId()));
      after = claims.after();
    }

    assertThat(order).containsExactly("a", "b", "c", "a", "b", "c");
  }

  @Test
  default void claim_cutByBytes_leasesNothingElse() {
    insert(storage(), "w1");
    publishSized(1_000, 1_000, 1_000);

    claimBytes("", 100, 1_000);

    assertThat(claimBytes("", 100, 1_000_000).deliveries())
        .hasSize(2)
        .allSatisfy(delivery -> assertThat(delivery.lease().token()).isOne());
  }

  private Claims claimBytes(String after, int max, long maxBytes) {
    return storage()
        .claim(new ClaimRequest(
            BYTES_DUE, BYTES_DUE.plus(LEASE), max, max, Map.of(), after, maxBytes));
  }

  private static List<Integer> lengths(Claims claims) {
    return claims.deliveries().stream()
        .map(ClaimedDelivery::body)
        .map(body -> body.length())
        .toList();
  }

  /** Events with bodies of so many bytes, each published a microsecond after the one before. */
  private void publishSized(int... sizes) {
    List<NewEvent> events = IntStream.range(0, sizes.length)
        .mapToObj(i -> new NewEvent(
            Environment.PRODUCTION,
            "sized" + i,
            EventName.CONTACT_CREATED,
            body('"' + "x".repeat(sizes[i] - 2) + '"'),
            T0.plus(TICK.multipliedBy(i))))
        .toList();
    storage().publish(events, IDS);
  }
}
