package cloud.klink.webhooks.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.moduletest.OtherClassPath;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The verifier on class paths with versions of libraries that it does not work with. */
class OtherVersionsTest {

  /** Runs in the other class loader: the message of what build() throws. */
  public static final class Probe implements Supplier<String> {
    @Override
    public String get() {
      try {
        Fixtures.verifier().build();
        return "built";
      } catch (IllegalStateException e) {
        return e.getMessage();
      }
    }
  }

  @Test
  void build_withTheVersionsOfTheTests_succeeds() throws ReflectiveOperationException {
    assertThat(OtherClassPath.ofTests().run(Probe.class)).isEqualTo("built");
  }

  @Test
  void build_withAJacksonThatIsTooOld_namesTheVersions() throws ReflectiveOperationException {
    OtherClassPath old = OtherClassPath.ofTests()
        .without("jackson")
        .with("jackson-core-too-old", "jackson-databind-too-old", "jackson-annotations-too-old");
    assertThat(old.run(Probe.class))
        .asString()
        .startsWith("Jackson 2.15 or later is needed")
        .contains("jackson-core 2.14.", "jackson-databind 2.14.")
        .contains("com.fasterxml.jackson:jackson-bom", "jackson-bom.version");
  }

  @Test
  void build_withAJacksonCoreThatIsTooOld_namesBothVersions() throws ReflectiveOperationException {
    OtherClassPath old =
        OtherClassPath.ofTests().without("jackson-core").with("jackson-core-too-old");
    assertThat(old.run(Probe.class))
        .asString()
        .startsWith("Jackson 2.15 or later is needed")
        .contains("jackson-core 2.14.");
  }
}
