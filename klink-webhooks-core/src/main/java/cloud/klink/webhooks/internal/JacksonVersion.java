package cloud.klink.webhooks.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.core.json.PackageVersion;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** Which Jackson there is, since the application and not this library chooses it. */
public final class JacksonVersion {
  private static final int LEAST_MAJOR = 2;
  private static final int LEAST_MINOR = 15;

  private JacksonVersion() {}

  /**
   * Makes sure that Jackson is recent enough and fits together, before anything is received or
   * sent.
   *
   * @throws IllegalStateException if not; the message names the versions that were found, the least
   *     that is needed, and the remedy
   */
  public static void check() {
    String found = "none";
    try {
      Version core = PackageVersion.VERSION;
      found = "jackson-core " + core;
      Version databind = com.fasterxml.jackson.databind.cfg.PackageVersion.VERSION;
      found += " and jackson-databind " + databind;
      if (isTooOld(core) || isTooOld(databind)) {
        throw unfit(found, null);
      }
      proveThatItWorks();
    } catch (LinkageError e) {
      throw unfit(found, e);
    }
  }

  private static boolean isTooOld(Version version) {
    return !version.isUnknownVersion()
        && (version.getMajorVersion() < LEAST_MAJOR
            || (version.getMajorVersion() == LEAST_MAJOR
                && version.getMinorVersion() < LEAST_MINOR));
  }

  /** A databind that is newer than its core fails only when it is used. */
  private static void proveThatItWorks() {
    ObjectMapper mapper = new ObjectMapper();
    try {
      mapper.writeValueAsBytes(mapper.readTree("{\"a\":[1.5,\"b\",null]}"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Jackson does not read and write plain JSON", e);
    }
  }

  private static IllegalStateException unfit(String found, @Nullable Throwable cause) {
    return new IllegalStateException(
        "Jackson " + LEAST_MAJOR + "." + LEAST_MINOR + " or later is needed, core and databind of"
            + " the same version, but the class path has " + found + "; import"
            + " com.fasterxml.jackson:jackson-bom of one later version into the build (Spring Boot:"
            + " set the property jackson-bom.version)",
        cause);
  }
}
