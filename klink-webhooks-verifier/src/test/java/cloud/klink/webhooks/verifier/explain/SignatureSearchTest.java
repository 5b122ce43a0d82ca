package cloud.klink.webhooks.verifier.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SignatureSearchTest {
  private static final byte[] NONE = new byte[32];

  private static Candidate candidate(int length) {
    return new Candidate(
        Cause.BODY_RAW, "", Algorithm.HMAC_SHA256, new byte[1], new byte[0], new byte[length - 1]);
  }

  @Test
  void first_matchInFront_makesNoFurtherCandidate() {
    AtomicInteger made = new AtomicInteger();
    SignatureSearch search = new SignatureSearch(candidate(7).sign(), 100, 1_000);

    assertThat(search.first(Stream.of(5, 6, 7, 8).flatMap(i -> Stream.of(i, i)).map(length -> {
          made.incrementAndGet();
          return candidate(length);
        })))
        .isPresent();
    assertThat(made).hasValue(5);
    assertThat(search.attempts()).isEqualTo(5);
    assertThat(search.complete()).isTrue();
  }

  @Test
  void first_endlessCandidates_stopsAtTheAttempts() {
    SignatureSearch search = new SignatureSearch(NONE, 100, 1_000_000);

    assertThat(search.first(Stream.generate(() -> candidate(10)))).isEmpty();
    assertThat(search.attempts()).isEqualTo(100);
    assertThat(search.complete()).isFalse();
  }

  @Test
  void first_longCandidates_stopsAtTheBytes() {
    SignatureSearch search = new SignatureSearch(NONE, 100, 95);

    assertThat(search.first(Stream.generate(() -> candidate(10)))).isEmpty();
    assertThat(search.attempts()).isEqualTo(9);
    assertThat(search.complete()).isFalse();
  }
}
