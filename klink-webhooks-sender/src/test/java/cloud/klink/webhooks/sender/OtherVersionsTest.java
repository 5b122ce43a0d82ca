package cloud.klink.webhooks.sender;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.moduletest.OtherClassPath;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The sender on class paths with versions of libraries that it does not work with. */
class OtherVersionsTest {

  /** Runs in the other class loader: the message of what build() throws. */
  public static final class Probe implements Supplier<String> {
    @Override
    public String get() {
      try (WebhookSender sender = WebhookSender.builder(new InMemoryStorage()).build()) {
        return "built " + sender.health().status();
      } catch (IllegalStateException e) {
        return e.getMessage();
      }
    }
  }

  @Test
  void build_withTheVersionsOfTheTests_succeeds() throws ReflectiveOperationException {
    assertThat(OtherClassPath.ofTests().run(Probe.class)).isEqualTo("built UP");
  }

  @Test
  void build_withAnotherOkHttpBeforeOurs_namesBothJars() throws ReflectiveOperationException {
    for (String other : List.of("okhttp-3", "okhttp-4")) {
      assertThat(OtherClassPath.ofTests().with(other).run(Probe.class))
          .asString()
          .satisfies(message -> assertTwice(message, other));
    }
  }

  @Test
  void build_withAnotherOkHttpBehindOurs_namesBothJars() throws ReflectiveOperationException {
    for (String other : List.of("okhttp-3", "okhttp-4")) {
      OtherClassPath behind =
          OtherClassPath.ofTests().without("okhttp-jvm").with("okhttp-jvm", other);
      assertThat(behind.run(Probe.class))
          .asString()
          .satisfies(message -> assertTwice(message, other));
    }
  }

  @Test
  void build_withAnotherOkHttpAlone_namesItsVersionAndJar() throws ReflectiveOperationException {
    for (String other : List.of("okhttp-3", "okhttp-4")) {
      OtherClassPath alone = OtherClassPath.ofTests().without("okhttp-jvm").with(other);
      assertThat(alone.run(Probe.class))
          .asString()
          .startsWith("OkHttp 5.4 or later is needed, but the class path has ")
          .contains(other.equals("okhttp-3") ? "one before 4" : "4.12.0")
          .contains(other + ".jar", "exclude com.squareup.okhttp3:okhttp");
    }
  }

  @Test
  void build_withTheSameOkHttpTwice_succeeds() throws ReflectiveOperationException {
    assertThat(OtherClassPath.ofTests().with("okhttp-jvm").run(Probe.class)).isEqualTo("built UP");
  }

  private static void assertTwice(String message, String other) {
    assertThat(message)
        .startsWith("OkHttp is on the class path more than once, in ")
        .contains(other + ".jar", "okhttp-jvm", "exclude com.squareup.okhttp3:okhttp")
        .contains("okhttp-bom");
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
