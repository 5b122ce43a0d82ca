package cloud.klink.webhooks.verifier.explain;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pinned URL, spelled in another way than the canonical one. */
final class UrlSpellingFamily implements Family {
  private static final Pattern ESCAPE = Pattern.compile("%[0-9A-Fa-f]{2}");

  @Override
  public Stream<Candidate> candidates(RefusalContext situation) {
    Location pinned = situation.pinned();
    String path = pinned.path();
    return Stream.of(
            url(
                situation,
                Cause.URL_TRAILING_SLASH,
                pinned.withPath(otherSlash(path)).toString()),
            url(
                situation,
                Cause.URL_DEFAULT_PORT,
                pinned.scheme() + "://" + pinned.host() + Location.defaultPort(pinned.scheme())
                    + path),
            url(
                situation,
                Cause.URL_EMPTY_PORT,
                pinned.scheme() + "://" + pinned.host() + ":" + path),
            cases(situation, pinned),
            paths(situation, Cause.URL_PATH_DECODED, Text.decode(path, false)),
            paths(
                situation,
                Cause.URL_PATH_ENCODED,
                Text.encode(path, "/%"),
                Text.encode(path, "/"),
                Text.encode(Text.decode(path, false), "/"),
                Text.encode(Text.decode(path, false), "/!$&'()*+,;=:@"),
                ESCAPE.matcher(path).replaceAll(e -> e.group().toLowerCase(Locale.ROOT)),
                ESCAPE.matcher(path).replaceAll(e -> e.group().toUpperCase(Locale.ROOT))),
            paths(situation, Cause.URL_PATH_TIDIED, path.replaceAll("/{2,}", "/"), tidy(path)),
            fragments(situation, pinned))
        .flatMap(candidates -> candidates);
  }

  private static String otherSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/";
  }

  private static Stream<Candidate> cases(RefusalContext situation, Location pinned) {
    Set<String> urls = new LinkedHashSet<>();
    situation.shown().authorities().stream()
        .map(Location.Authority::host)
        .filter(host -> host.equalsIgnoreCase(pinned.host()))
        .forEach(host -> urls.add(pinned.withHost(host).toString()));
    situation.hints().urls().stream()
        .map(Hints.Url::start)
        .filter(url -> url.equalsIgnoreCase(pinned.toString()))
        .forEach(urls::add);
    urls.add(pinned.withHost(pinned.host().toUpperCase(Locale.ROOT)).toString());
    urls.add(pinned.scheme().toUpperCase(Locale.ROOT)
        + pinned.toString().substring(pinned.scheme().length()));
    return urls.stream().flatMap(url -> url(situation, Cause.URL_CASE, url));
  }

  private static Stream<Candidate> paths(RefusalContext situation, Cause cause, String... others) {
    Location pinned = situation.pinned();
    return Stream.of(others)
        .distinct()
        .flatMap(path -> url(situation, cause, pinned.withPath(path).toString()));
  }

  /** RFC 3986, section 5.2.4, and double slashes joined. */
  private static String tidy(String path) {
    Deque<String> segments = new ArrayDeque<>();
    String last = "";
    for (String segment : path.split("/", -1)) {
      last = segment;
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    boolean directory = !segments.isEmpty() && !last.equals(segments.peekLast());
    return "/" + String.join("/", segments) + (directory ? "/" : "");
  }

  private static Stream<Candidate> fragments(RefusalContext situation, Location pinned) {
    String query = situation.target().query();
    return situation.hints().urls().stream()
        .map(Hints.Url::fragment)
        .filter(fragment -> !fragment.isEmpty())
        .distinct()
        .flatMap(fragment -> Stream.of(fragment + query, query + fragment))
        .distinct()
        .flatMap(end ->
            situation.head(Cause.URL_FRAGMENT, situation.target().method() + pinned + end, ""));
  }

  private static Stream<Candidate> url(RefusalContext situation, Cause cause, String url) {
    return url.equals(situation.target().url())
        ? Stream.empty()
        : situation.head(
            cause,
            situation.target().method() + url + situation.target().query(),
            "Signed was " + Text.printable(url) + "; canonical is "
                + situation.target().url() + ".");
  }
}
