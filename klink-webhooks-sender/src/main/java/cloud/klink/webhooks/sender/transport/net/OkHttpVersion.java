package cloud.klink.webhooks.sender.transport.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Checks the version of OkHttp. OkHttp 3 and 4 have another artifact than OkHttp 5 for the JVM, so
 * a build tool does not recognize them as the same library and may put both on the class path.
 */
public final class OkHttpVersion {
  private static final int MIN_MAJOR = 5;
  private static final int MIN_MINOR = 4;
  private static final Pattern VERSION = Pattern.compile("([0-9]{1,6})\\.([0-9]{1,6}).*");

  private static final String REMEDY =
      "; exclude com.squareup.okhttp3:okhttp of a version before 5 from the dependency that brings"
          + " it, or import com.squareup.okhttp3:okhttp-bom of version " + MIN_MAJOR + "."
          + MIN_MINOR + " or later, with which that artifact is empty";

  private OkHttpVersion() {}

  /**
   * Checks, before OkHttp is used, that it is on the class path once and is recent enough.
   *
   * @throws IllegalStateException if not; the message names the version and the file that were
   *     found, and the remedy
   */
  public static void check() {
    ClassLoader loader = OkHttpClient.class.getClassLoader();
    List<String> copies = copies(loader);
    if (copies.size() > 1) {
      throw new IllegalStateException("OkHttp is on the class path more than once, in "
          + String.join(" and ", copies)
          + REMEDY);
    }
    String version = version(loader);
    if (version == null || isTooOld(version)) {
      throw new IllegalStateException("OkHttp " + MIN_MAJOR + "." + MIN_MINOR
          + " or later is needed, but the class path has "
          + (version == null ? "one before 4" : version)
          + (copies.isEmpty() ? "" : " in " + copies.get(0))
          + REMEDY);
    }
  }

  /** The files from which OkHttp's classes may be loaded; identical copies count once. */
  private static List<String> copies(@Nullable ClassLoader loader) {
    String name = OkHttpClient.class.getName().replace('.', '/') + ".class";
    List<String> different = new ArrayList<>();
    Set<ByteBuffer> seen = new HashSet<>();
    try {
      for (String url : ownResources(loader, name)) {
        try (InputStream in = new URL(url).openStream()) {
          if (seen.add(ByteBuffer.wrap(in.readAllBytes()))) {
            different.add(location(url));
          }
        }
      }
    } catch (IOException e) {
      return List.of(); // unreadable files are no evidence of a second copy
    }
    return different;
  }

  /** Without those of the parent class loader, which has precedence if it is consulted at all. */
  private static Set<String> ownResources(@Nullable ClassLoader loader, String name)
      throws IOException {
    if (loader == null) {
      return Set.of();
    }
    Set<String> own = resources(loader, name);
    if (loader.getParent() != null) {
      own.removeAll(resources(loader.getParent(), name));
    }
    return own;
  }

  private static Set<String> resources(ClassLoader loader, String name) throws IOException {
    return Collections.list(loader.getResources(name)).stream()
        .map(URL::toString)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static @Nullable String version(@Nullable ClassLoader loader) {
    try {
      // By reflection, since the compiler may inline a constant.
      Class<?> okHttp = Class.forName("okhttp3.OkHttp", true, loader);
      return String.valueOf(okHttp.getField("VERSION").get(null));
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  private static boolean isTooOld(String version) {
    Matcher numbers = VERSION.matcher(version);
    if (!numbers.matches()) {
      return false;
    }
    int major = Integer.parseInt(numbers.group(1));
    return major < MIN_MAJOR
        || (major == MIN_MAJOR && Integer.parseInt(numbers.group(2)) < MIN_MINOR);
  }

  /** The jar or directory that holds the class. */
  private static String location(String url) {
    int end = url.lastIndexOf("!/");
    return end < 0 ? url : url.substring(url.startsWith("jar:") ? 4 : 0, end);
  }
}
