package cloud.klink.webhooks.examples.cli.doctor;

import java.util.Locale;
import java.util.Optional;

/**
 * What a check found.
 *
 * @param check what was checked
 * @param result how it is
 * @param detail what was seen
 * @param remedy what to do about it; empty if it is ok
 */
public record Finding(String check, Result result, String detail, Optional<String> remedy) {
  /** How a thing is. */
  public enum Result {
    /** As it should be. */
    OK,
    /** Not as it should be. */
    WRONG,
    /** It cannot be told from outside. */
    UNKNOWN;

    /** In lower case. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String check, String detail) {
    return new Finding(check, Result.OK, detail, Optional.empty());
  }

  static Finding wrong(String check, String detail, String remedy) {
    return new Finding(check, Result.WRONG, detail, Optional.of(remedy));
  }

  static Finding unknown(String check, String detail, String remedy) {
    return new Finding(check, Result.UNKNOWN, detail, Optional.of(remedy));
  }
}
