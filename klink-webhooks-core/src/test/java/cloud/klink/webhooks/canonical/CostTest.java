package cloud.klink.webhooks.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.MalformedReason;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** No body may cost more stack or memory than its length allows. */
class CostTest {

  /** What any body may cost, and what the measurement itself allocates. */
  private static final long CONSTANT = 256 << 10;

  /** The body itself counts, so that three times its length are left. */
  private static final int TIMES_LENGTH = 3;

  /**
   * Of the kinds whose numbers Jackson must convert, the most that each number leaves as garbage:
   * the texts of shortest forms, and big integers for halves of doubles and the smallest ones.
   */
  private static final Map<String, Integer> GARBAGE = Map.of(
      "5e-324", 1_500,
      "random doubles", 600,
      "integers of 17 digits", 600,
      "fractions of 1,000 digits", 6_000,
      "long numbers with exponents", 12_000,
      "exact halves of doubles", 20_000,
      "exact halves of small doubles", 20_000,
      "halves of 40 digits", 3_000,
      "1e-300 at length", 6_000);

  @Test
  void body_asDeepAsAllowed_needsNoStack() throws InterruptedException {
    StringBuilder open = new StringBuilder();
    StringBuilder close = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      open.append("[1 ,{\"b\":0,\"a\" :");
      close.insert(0, "}, null ]");
    }
    byte[] mixed = (open + "1e5" + close).getBytes(UTF_8);
    byte[] tooDeep = "[".repeat(100_000).getBytes(UTF_8);
    byte[] unclosed = "{\"a\":".repeat(999).getBytes(UTF_8);

    List<Optional<String>> forms = new ArrayList<>();
    List<Throwable> thrown = new ArrayList<>();
    Thread thread = new Thread(
        null,
        () -> {
          for (Dialect dialect : Dialect.values()) {
            forms.add(Written.in(mixed, dialect));
            forms.add(Written.in(tooDeep, dialect));
            forms.add(Written.in(unclosed, dialect));
          }
        },
        "little stack",
        160 << 10);
    thread.setUncaughtExceptionHandler((t, e) -> thrown.add(e));
    thread.start();
    thread.join();

    assertThat(thrown).isEmpty();
    List<Optional<String>> expected = new ArrayList<>();
    for (Dialect dialect : Dialect.values()) {
      expected.add(NaiveCanonicalJson.canonical(mixed, dialect.id()));
      expected.add(Optional.empty());
      expected.add(Optional.empty());
    }
    assertThat(expected.get(0)).isPresent();
    assertThat(forms).isEqualTo(expected);
  }

  @TestFactory
  Stream<DynamicTest> body_ofAHostileKind_thatNobodySigned_costsAtMostFourTimesItsLength() {
    return HostileBodies.all().entrySet().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
          byte[] body = entry.getValue();
          long numbers = new String(body, UTF_8).chars().filter(c -> c == ',').count() + 1;
          long garbage = GARBAGE.getOrDefault(entry.getKey(), 0) * numbers;
          assertThat(allocated(body))
              .isLessThan(CONSTANT + (long) TIMES_LENGTH * body.length + garbage);
        }));
  }

  @Test
  void body_whoseEndIsMissing_costsAtMostFourTimesItsLength() {
    byte[] unclosed = "[{\"a\":[ 1e5,".repeat(300).getBytes(UTF_8);
    assertThat(allocated(unclosed)).isLessThan(CONSTANT + (long) TIMES_LENGTH * unclosed.length);
  }

  /**
   * The bytes that a thread allocates to try all forms of a body that nobody signed, which is no
   * less than what it has at a time. The first call loads classes; what it gave to the pool counts
   * as its constant.
   */
  private static long allocated(byte[] body) {
    tryAll(body);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(id);
    tryAll(body);
    return threads.getThreadAllocatedBytes(id) - before;
  }

  private static void tryAll(byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
      assertThat(CanonicalBody.search(body, List.of(Dialect.values()), form -> {
            form.update(mac);
            form.update(mac);
            return false;
          }))
          .isEmpty();
    } catch (MalformedException e) {
      assertThat(e.reason()).isEqualTo(MalformedReason.MALFORMED_BODY);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void canonicalizer_thatBroke_isNotUsedAgain() {
    byte[] body = "{\"b\":[1 ,2],\"a\":\"\\u00e9\"}".getBytes(UTF_8);
    for (int i = 0; i < 100; i++) {
      assertThatExceptionOfType(StackOverflowError.class)
          .isThrownBy(() -> CanonicalBody.search(body, List.of(Dialect.KLINK), form -> {
            throw new StackOverflowError("on purpose");
          }));
    }
    assertThat(CanonicalBody.of(body, Dialect.KLINK).text()).isEqualTo("{\"a\":\"é\",\"b\":[1,2]}");
  }
}
