package cloud.klink.webhooks.moduletest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The class path of the tests, with some jars left out and jars of other versions before it. */
public final class OtherClassPath {
  private final List<Path> entries;

  private OtherClassPath(List<Path> entries) {
    this.entries = entries;
  }

  /** As it is. */
  public static OtherClassPath ofTests() {
    String present = System.getProperty("java.class.path");
    return new OtherClassPath(
        Stream.of(present.split(File.pathSeparator)).map(Path::of).toList());
  }

  /** Leaves out each jar or folder whose path contains the name. */
  public OtherClassPath without(String name) {
    return new OtherClassPath(
        entries.stream().filter(entry -> !entry.toString().contains(name)).toList());
  }

  /** Puts jars that the build has copied before all others; the first of them stays the first. */
  public OtherClassPath with(String... jars) {
    List<Path> more = new ArrayList<>();
    for (String jar : jars) {
      Path path = Path.of("target", "other-versions", jar + ".jar");
      assertThat(path).exists();
      more.add(path);
    }
    more.addAll(entries);
    return new OtherClassPath(more);
  }

  /**
   * Loads the probe and all that it uses from this class path, and runs it.
   *
   * @return of a class that both class loaders share, so one of the JDK
   */
  public <T> Object run(Class<? extends Supplier<T>> probe) throws ReflectiveOperationException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(urls(), ClassLoader.getPlatformClassLoader())) {
      // SLF4J before 2.0.3 looks for its provider there.
      thread.setContextClassLoader(loader);
      Class<?> other = loader.loadClass(probe.getName());
      assertThat(other).isNotEqualTo(probe);
      return ((Supplier<?>) other.getConstructor().newInstance()).get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private URL[] urls() throws IOException {
    URL[] urls = new URL[entries.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = entries.get(i).toUri().toURL();
    }
    return urls;
  }
}
