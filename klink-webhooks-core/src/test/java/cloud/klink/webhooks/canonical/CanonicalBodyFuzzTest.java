package cloud.klink.webhooks.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;

/**
 * Holds the writer against the naive model for arbitrary bytes. An ordinary build only runs the
 * inputs among the test resources. To search for new ones, guided by coverage, for ten minutes:
 *
 * <pre>{@code
 * JAZZER_FUZZ=1 mvn test -pl klink-webhooks-core -Dtest=CanonicalBodyFuzzTest
 * }</pre>
 *
 * <p>An input that fails is written to {@code CanonicalBodyFuzzTestInputs} among the test
 * resources, where every later build runs it; the corpus goes to {@code .cifuzz-corpus}, which git
 * ignores.
 */
class CanonicalBodyFuzzTest {

  @FuzzTest(maxDuration = "10m")
  void body_ofAnyBytes_isAsTheModelHasIt(byte[] body) {
    Written.assertAgreesWithModel(body);
    for (Dialect dialect : Dialect.values()) {
      Optional<String> form = Written.in(body, dialect);
      if (form.isPresent()) {
        assertThat(Written.in(form.get().getBytes(UTF_8), dialect)).isEqualTo(form);
      }
    }
  }
}
