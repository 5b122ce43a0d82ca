package cloud.klink.webhooks.verifier.explain;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Another method, or the parts put together in another way. */
final class LayoutFamily implements Family {
  private static final List<String> SEPARATORS = List.of("\n", ".", " ", "|", ":", ",", "&");

  @Override
  public Stream<Candidate> candidates(RefusalContext situation) {
    return Stream.of(
            Stream.concat(
                    situation.bodies().stream(),
                    Stream.of(situation.body(), BodyFamily.trim(situation.body())))
                .flatMap(body -> situation.message(Cause.BODY_ONLY, "", body, "")),
            methods(situation),
            paths(situation),
            separated(situation))
        .flatMap(candidates -> candidates);
  }

  private static Stream<Candidate> methods(RefusalContext situation) {
    String method = situation.target().method();
    String rest = situation.target().url() + situation.target().query();
    return Stream.of(
            situation.head(Cause.METHOD_LOWER_CASE, method.toLowerCase(Locale.ROOT) + rest, ""),
            situation.head(Cause.METHOD_OMITTED, rest, ""),
            Stream.of(situation.request().method(), "POST", "GET", "PUT", "PATCH", "DELETE")
                .filter(other -> !other.equals(method) && other.length() <= 32)
                .distinct()
                .flatMap(other -> situation.head(
                    Cause.METHOD_OTHER,
                    other + rest,
                    "Signed was " + Text.printable(other) + "; expected is " + method + ".")))
        .flatMap(candidates -> candidates);
  }

  private static Stream<Candidate> paths(RefusalContext situation) {
    String method = situation.target().method();
    Stream<String> pinned =
        Stream.of(situation.pinned().path() + situation.target().query());
    Stream<String> shown = Stream.concat(
        situation.request().target().filter(target -> target.length() <= 8_192).stream(),
        situation.shown().path().stream());
    return Stream.concat(pinned, shown)
        .distinct()
        .flatMap(path -> situation.head(Cause.URL_PATH_ONLY, method + path, ""));
  }

  private static Stream<Candidate> separated(RefusalContext situation) {
    String method = situation.target().method();
    String url = situation.target().url();
    String query = situation.target().query();
    return SEPARATORS.stream()
        .flatMap(s -> query.isEmpty()
            ? Stream.of(method + s + url + s + s, method + s + url + s)
            : Stream.of(method + s + url + s + query + s))
        .flatMap(head -> situation.head(Cause.PARTS_SEPARATED, head, ""));
  }
}
