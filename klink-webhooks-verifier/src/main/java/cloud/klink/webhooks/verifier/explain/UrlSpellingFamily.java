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
  public Stream<Candidate> candidates(RefusalContext context) {
    Location pinned = context.pinned();
    String path = pinned.path();
    return Stream.of(
            url(
                context,
                Cause.URL_TRAILING_SLASH,
                pinned.withPath(otherSlash(path)).toString()),
            url(
                context,
                Cause.URL_DEFAULT_PORT,
                pinned.scheme() + "://" + pinned.host() + Location.defaultPort(pinned.scheme())
                    + path),
            url(
                context,
                Cause.URL_EMPTY_PORT,
                pinned.scheme() + "://" + pinned.host() + ":" + path),
            cases(context, pinned),
            paths(context, Cause.URL_PATH_DECODED, PercentEncoding.decode(path, false)),
            paths(
                context,
                Cause.URL_PATH_ENCODED,
                PercentEncoding.encode(path, "/%"),
                PercentEncoding.encode(path, "/"),
                PercentEncoding.encode(PercentEncoding.decode(path, false), "/"),
                PercentEncoding.encode(PercentEncoding.decode(path, false), "/!$&'()*+,;=:@"),
                ESCAPE.matcher(path).replaceAll(e -> e.group().toLowerCase(Locale.ROOT)),
                ESCAPE.matcher(path).replaceAll(e -> e.group().toUpperCase(Locale.ROOT))),
            paths(context, Cause.URL_PATH_TIDIED, path.replaceAll("/{2,}", "/"), tidy(path)),
            fragments(context, pinned))
        .flatMap(candidates -> candidates);
  }

  private static String otherSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/";
  }

  private static Stream<Candidate> cases(RefusalContext context, Location pinned) {
    Set<String> urls = new LinkedHashSet<>();
    context.observed().authorities().stream()
        .map(Location.Authority::host)
        .filter(host -> host.equalsIgnoreCase(pinned.host()))
        .forEach(host -> urls.add(pinned.withHost(host).toString()));
    context.hints().urls().stream()
        .map(Hints.Url::start)
        .filter(url -> url.equalsIgnoreCase(pinned.toString()))
        .forEach(urls::add);
    urls.add(pinned.withHost(pinned.host().toUpperCase(Locale.ROOT)).toString());
    urls.add(pinned.scheme().toUpperCase(Locale.ROOT)
        + pinned.toString().substring(pinned.scheme().length()));
    return urls.stream().flatMap(url -> url(context, Cause.URL_CASE, url));
  }

  private static Stream<Candidate> paths(RefusalContext context, Cause cause, String... others) {
    Location pinned = context.pinned();
    return Stream.of(others)
        .distinct()
        .flatMap(path -> url(context, cause, pinned.withPath(path).toString()));
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

  private static Stream<Candidate> fragments(RefusalContext context, Location pinned) {
    String query = context.target().query();
    return context.hints().urls().stream()
        .map(Hints.Url::fragment)
        .filter(fragment -> !fragment.isEmpty())
        .distinct()
        .flatMap(fragment -> Stream.of(fragment + query, query + fragment))
        .distinct()
        .flatMap(
            end -> context.head(Cause.URL_FRAGMENT, context.target().method() + pinned + end, ""));
  }

  private static Stream<Candidate> url(RefusalContext context, Cause cause, String url) {
    return url.equals(context.target().url())
        ? Stream.empty()
        : context.head(
            cause,
            context.target().method() + url + context.target().query(),
            "Signed was " + VisibleText.of(url) + "; canonical is "
                + context.target().url() + ".");
  }
}
