package cloud.klink.webhooks.sender.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentIdsTest {
  /** As the sender makes them: alike but for the last digits, of base 32. */
  private static List<String> ids(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add("dlv_01keg0wbk1xc6nndns9300" + Integer.toString(1_000_000 + i, 32));
    }
    return ids;
  }

  @Test
  void ids_asManyAsAreKept_areAllKnown() {
    SentIds sent = new SentIds();
    List<String> ids = ids(SentIds.MAX);

    for (String id : ids) {
      assertThat(sent.contains(id)).isFalse();
      assertThat(sent.isFull()).isFalse();
      sent.add(id);
      sent.add(id);
    }

    assertThat(ids).allMatch(sent::contains);
    assertThat(sent.isFull()).isTrue();
  }

  @Test
  void ids_thatWereNotSent_areHardlyEverTakenForOthers() {
    SentIds sent = new SentIds();
    List<String> ids = ids(SentIds.MAX + 100_000);
    ids.subList(0, SentIds.MAX).forEach(sent::add);

    long mistaken =
        ids.subList(SentIds.MAX, ids.size()).stream().filter(sent::contains).count();

    assertThat(mistaken).isLessThan(10);
  }
}
