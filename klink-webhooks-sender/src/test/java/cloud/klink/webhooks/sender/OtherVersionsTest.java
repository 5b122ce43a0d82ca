package cloud.klink.webhooks.sender;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
  void build_withTheVersionsOfTheTests_succeeds() throws ReflectiveOperationException, IOException {
    try (URLClassLoader loader = loader(entry -> true)) {
      assertThat(message(loader)).isEqualTo("built UP");
    }
  }

  @Test
  void build_withAnotherOkHttpBeforeOurs_namesBothJars()
      throws ReflectiveOperationException, IOException {
    for (String other : List.of("okhttp-3", "okhttp-4")) {
      try (URLClassLoader loader = loader(entry -> true, other)) {
        assertThat(message(loader)).asString().satisfies(message -> assertTwice(message, other));
      }
    }
  }

  @Test
  void build_withAnotherOkHttpBehindOurs_namesBothJars()
      throws ReflectiveOperationException, IOException {
    for (String other : List.of("okhttp-3", "okhttp-4")) {
      try (URLClassLoader loader =
          loader(entry -> !entry.contains("okhttp-jvm"), "okhttp-jvm", other)) {
        assertThat(message(loader)).asString().satisfies(message -> assertTwice(message, other));
      }
    }
  }

  @Test
  void build_withAnotherOkHttpAlone_namesItsVersionAndJar()
      throws ReflectiveOperationException, IOException {
    for (String other : List.of("okhttp-3", "okhttp-4")) {
      try (URLClassLoader loader = loader(entry -> !entry.contains("okhttp-jvm"), other)) {
        assertThat(message(loader))
            .asString()
            .startsWith("OkHttp 5.4 or later is needed, but the class path has ")
            .contains(other.equals("okhttp-3") ? "one before 4" : "4.12.0")
            .contains(other + ".jar", "exclude com.squareup.okhttp3:okhttp");
      }
    }
  }

  @Test
  void build_withTheSameOkHttpTwice_succeeds() throws ReflectiveOperationException, IOException {
    try (URLClassLoader loader = loader(entry -> true, "okhttp-jvm")) {
      assertThat(message(loader)).isEqualTo("built UP");
    }
  }

  private static void assertTwice(String message, String other) {
    assertThat(message)
        .startsWith("OkHttp is on the class path more than once, in ")
        .contains(other + ".jar", "okhttp-jvm", "exclude com.squareup.okhttp3:okhttp")
        .contains("okhttp-bom");
  }

  @Test
  void build_withAJacksonThatIsTooOld_namesTheVersions()
      throws ReflectiveOperationException, IOException {
    try (URLClassLoader loader = loader(
        entry -> !entry.contains("jackson"),
        "jackson-core-too-old",
        "jackson-databind-too-old",
        "jackson-annotations-too-old")) {
      assertThat(message(loader))
          .asString()
          .startsWith("Jackson 2.15 or later is needed")
          .contains("jackson-core 2.14.", "jackson-databind 2.14.")
          .contains("com.fasterxml.jackson:jackson-bom", "jackson-bom.version");
    }
  }

  @Test
  void build_withAJacksonCoreThatIsTooOld_namesBothVersions()
      throws ReflectiveOperationException, IOException {
    try (URLClassLoader loader =
        loader(entry -> !entry.contains("jackson-core"), "jackson-core-too-old")) {
      assertThat(message(loader))
          .asString()
          .startsWith("Jackson 2.15 or later is needed")
          .contains("jackson-core 2.14.");
    }
  }

  /** The class path of the tests, some of it left out, with jars of other versions before it. */
  private static URLClassLoader loader(Predicate<String> left, String... others) {
    String present = System.getProperty("java.class.path");
    URL[] path = Stream.concat(
            Stream.of(others).map(name -> Path.of("target", "other-versions", name + ".jar")),
            Stream.of(present.split(File.pathSeparator)).filter(left).map(Path::of))
        .map(OtherVersionsTest::url)
        .toArray(URL[]::new);
    return new URLClassLoader(path, ClassLoader.getPlatformClassLoader());
  }

  private static URL url(Path path) {
    assertThat(path).exists();
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(path.toString(), e);
    }
  }

  private static Object message(URLClassLoader loader) throws ReflectiveOperationException {
    Class<?> probe = loader.loadClass(Probe.class.getName());
    assertThat(probe).isNotEqualTo(Probe.class);
    return ((Supplier<?>) probe.getConstructor().newInstance()).get();
  }
}
