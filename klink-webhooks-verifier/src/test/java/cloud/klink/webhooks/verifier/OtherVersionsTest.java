package cloud.klink.webhooks.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
  void build_withTheVersionsOfTheTests_succeeds() throws ReflectiveOperationException, IOException {
    try (URLClassLoader loader = loader(entry -> true)) {
      assertThat(message(loader)).isEqualTo("built");
    }
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
