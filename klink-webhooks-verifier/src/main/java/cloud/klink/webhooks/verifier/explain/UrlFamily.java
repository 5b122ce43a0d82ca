package cloud.klink.webhooks.verifier.explain;

import cloud.klink.webhooks.verifier.explain.Location.Authority;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Another URL: one part of it, or the whole as the request shows it, or one that the caller gave.
 * What it is called depends on what differs, not on where it was found.
 */
final class UrlFamily implements Family {
  @Override
  public Stream<Candidate> candidates(RefusalContext context) {
    return new Collector(context).collect();
  }

  private static final class Collector {
    private final RefusalContext context;
    private final Location pinned;
    private final String pinnedQuery;
    private final Set<Authority> authorities = new LinkedHashSet<>();

    /** The text in front of the body, and where it is from. */
    private final Map<String, Found> found = new LinkedHashMap<>();

    private record Found(Cause cause, String detail) {}

    Collector(RefusalContext context) {
      this.context = context;
      this.pinned = context.pinned();
      this.pinnedQuery = context.target().query();
      Stream.concat(context.hints().hosts().stream(), context.observed().authorities().stream())
          .map(observed -> new Authority(observed.host().toLowerCase(Locale.ROOT), observed.port()))
          .forEach(authorities::add);
    }

    Stream<Candidate> collect() {
      onePart();
      asShown();
      asGiven();
      return found.entrySet().stream()
          .flatMap(entry -> context.head(
              entry.getValue().cause(), entry.getKey(), entry.getValue().detail()));
    }

    private void onePart() {
      for (String scheme : Location.SCHEMES) {
        add(pinned.withScheme(scheme), pinnedQuery, Cause.URL_AS_RECEIVED);
      }
      for (Authority authority : authorities) {
        add(pinned.with(authority), pinnedQuery, Cause.URL_AS_RECEIVED);
        add(pinned.withHost(authority.host()), pinnedQuery, Cause.URL_AS_RECEIVED);
      }
      add(pinned.withPort(""), pinnedQuery, Cause.URL_AS_RECEIVED);
      for (String port : context.observed().ports()) {
        add(pinned.withPort(port), pinnedQuery, Cause.URL_AS_RECEIVED);
      }
      for (String port : List.of(":80", ":443", ":8080", ":8443", ":3000")) {
        add(pinned.withPort(port), pinnedQuery, Cause.URL_AS_RECEIVED);
      }
    }

    private void asShown() {
      Set<String> schemes = new LinkedHashSet<>(List.of(pinned.scheme()));
      schemes.addAll(context.observed().schemes());
      schemes.addAll(List.of("https", "http"));
      Set<String> paths = new LinkedHashSet<>(List.of(pinned.path()));
      context.observed().path().ifPresent(paths::add);
      Set<String> queries = new LinkedHashSet<>(List.of(pinnedQuery));
      context.observed().query().flatMap(context::normalQuery).ifPresent(queries::add);
      if (context.observed().path().isPresent() && context.observed().query().isEmpty()) {
        queries.add("");
      }
      authorities.add(new Authority(pinned.host(), pinned.port()));
      for (String query : queries) {
        for (String path : paths) {
          for (Authority authority : authorities) {
            for (String scheme : schemes) {
              Location observed = pinned.withPath(path).with(authority).withScheme(scheme);
              add(observed, query, Cause.URL_AS_RECEIVED);
            }
          }
        }
      }
    }

    private void asGiven() {
      for (Hints.Url url : context.hints().urls()) {
        add(url.location(), url.target().query(), Cause.URL_CANDIDATE);
        add(url.location(), pinnedQuery, Cause.URL_CANDIDATE);
      }
    }

    private void add(Location other, String query, Cause origin) {
      // A query that alone differs is for the family of queries to find.
      if (!other.equals(pinned)) {
        boolean sameQuery = query.equals(pinnedQuery);
        found.putIfAbsent(
            context.target().method() + other + query,
            new Found(
                sameQuery ? cause(other, origin) : origin,
                "Signed was " + VisibleText.of(other.toString())
                    + (sameQuery ? "" : ", with another query")
                    + "; the verifier is pinned to " + pinned + "."));
      }
    }

    private Cause cause(Location other, Cause origin) {
      if (other.equals(pinned.withScheme(other.scheme()))) {
        return Cause.URL_SCHEME;
      }
      if (other.equals(pinned.withPort(other.port()))) {
        return Cause.URL_PORT;
      }
      if (other.equals(pinned.with(new Authority(other.host(), other.port())))) {
        return Cause.URL_HOST;
      }
      if (other.equals(pinned.withPath(other.path()))) {
        return (other.path() + "/").equals(pinned.path())
                || other.path().equals(pinned.path() + "/")
            ? Cause.URL_TRAILING_SLASH
            : origin == Cause.URL_AS_RECEIVED ? Cause.URL_PATH_AS_RECEIVED : origin;
      }
      return origin;
    }
  }
}
