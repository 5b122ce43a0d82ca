package cloud.klink.webhooks.verifier.explain;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Another method, or the parts put together in another way. */
final class LayoutFamily implements Family {
  private static final List<String> SEPARATORS = List.of("\n", ".", " ", "|", ":", ",", "&");

  @Override
  public Stream<Candidate> candidates(RefusalContext context) {
    return Stream.of(
            Stream.concat(
                    context.bodies().stream(),
                    Stream.of(context.body(), BodyFamily.trim(context.body())))
                .flatMap(body -> context.message(Cause.BODY_ONLY, "", body, "")),
            methods(context),
            paths(context),
            separated(context))
        .flatMap(candidates -> candidates);
  }

  private static Stream<Candidate> methods(RefusalContext context) {
    String method = context.target().method();
    String rest = context.target().url() + context.target().query();
    return Stream.of(
            context.head(Cause.METHOD_LOWER_CASE, method.toLowerCase(Locale.ROOT) + rest, ""),
            context.head(Cause.METHOD_OMITTED, rest, ""),
            Stream.of(context.request().method(), "POST", "GET", "PUT", "PATCH", "DELETE")
                .filter(other -> !other.equals(method) && other.length() <= 32)
                .distinct()
                .flatMap(other -> context.head(
                    Cause.METHOD_OTHER,
                    other + rest,
                    "Signed was " + VisibleText.of(other) + "; expected is " + method + ".")))
        .flatMap(candidates -> candidates);
  }

  private static Stream<Candidate> paths(RefusalContext context) {
    String method = context.target().method();
    Stream<String> pinned = Stream.of(context.pinned().path() + context.target().query());
    Stream<String> observed = Stream.concat(
        context.request().target().filter(target -> target.length() <= 8_192).stream(),
        context.observed().path().stream());
    return Stream.concat(pinned, observed)
        .distinct()
        .flatMap(path -> context.head(Cause.URL_PATH_ONLY, method + path, ""));
  }

  private static Stream<Candidate> separated(RefusalContext context) {
    String method = context.target().method();
    String url = context.target().url();
    String query = context.target().query();
    return SEPARATORS.stream()
        .flatMap(s -> query.isEmpty()
            ? Stream.of(method + s + url + s + s, method + s + url + s)
            : Stream.of(method + s + url + s + query + s))
        .flatMap(head -> context.head(Cause.PARTS_SEPARATED, head, ""));
  }
}
