package cloud.klink.webhooks.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** No body may cost more stack or memory than its length allows. */
class CostTest {

  /** What a canonicalizer starts with, and what the measurement itself allocates. */
  private static final long CONSTANT = 200_000;

  /** To read the very smallest doubles, Jackson calculates with big integers, soon forgotten. */
  private static long timesLength(String kind) {
    return kind.equals("5e-324") ? 128 : 40;
  }

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
  Stream<DynamicTest> body_ofAHostileKind_allocatesASmallMultipleOfItsLength() {
    return HostileBodies.all().entrySet().stream()
        .flatMap(entry -> Stream.of(Dialect.values())
            .map(dialect -> DynamicTest.dynamicTest(
                entry.getKey() + " (" + dialect.id() + ")",
                () -> assertThat(allocated(entry.getValue(), dialect))
                    .isLessThan(
                        CONSTANT + timesLength(entry.getKey()) * entry.getValue().length))));
  }

  @Test
  void body_whoseEndIsMissing_allocatesASmallMultipleOfItsLength() {
    byte[] unclosed = "[{\"a\":[ 1e5,".repeat(300).getBytes(UTF_8);
    assertThat(allocated(unclosed, Dialect.GO)).isLessThan(CONSTANT + 40L * unclosed.length);
  }

  /** The bytes that this thread allocates for one body; the first call warms the pool up. */
  private static long allocated(byte[] body, Dialect dialect) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    Optional<CanonicalBody> first = canonical(body, dialect);
    long before = threads.getThreadAllocatedBytes(id);
    Optional<CanonicalBody> second = canonical(body, dialect);
    long bytes = threads.getThreadAllocatedBytes(id) - before;
    assertThat(second).isEqualTo(first);
    return bytes;
  }

  private static Optional<CanonicalBody> canonical(byte[] body, Dialect dialect) {
    try {
      return CanonicalBody.firstMatching(body, List.of(dialect), form -> true);
    } catch (MalformedRequestException e) {
      return Optional.empty();
    }
  }
}
