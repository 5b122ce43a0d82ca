package cloud.klink.webhooks.canonical;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.MalformedReason;
import java.util.Optional;

/** What the writer makes of a body. */
final class Written {
  private Written() {}

  /** The canonical form, or empty if it was refused. */
  static Optional<String> in(byte[] body, Dialect dialect) {
    try {
      return Optional.of(CanonicalBody.of(body, dialect).text());
    } catch (MalformedException e) {
      assertThat(e.reason()).isEqualTo(MalformedReason.MALFORMED_BODY);
      return Optional.empty();
    }
  }

  static void assertAgreesWithModel(byte[] body) {
    for (Dialect dialect : Dialect.values()) {
      assertThat(in(body, dialect))
          .as("%s", dialect)
          .isEqualTo(NaiveCanonicalJson.canonical(body, dialect.id()));
    }
  }
}
