package cloud.klink.webhooks.verifier.explain;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Another query, or the pinned one in another form. */
final class QueryFamily implements Family {
  @Override
  public Stream<Candidate> candidates(RefusalContext context) {
    String pinned = context.target().query();
    Stream<Candidate> omitted =
        pinned.isEmpty() ? Stream.empty() : query(context, Cause.QUERY_OMITTED, "");
    Stream<Candidate> received = context.observed().query().flatMap(context::normalQuery).stream()
        .filter(query -> !query.equals(pinned))
        .flatMap(query -> query(context, Cause.QUERY_AS_RECEIVED, query));
    Stream<Candidate> forms = sources(context).stream()
        .flatMap(raw -> QueryForm.ALL.stream()
            .flatMap(form -> form.texts()
                .apply(raw)
                .distinct()
                .flatMap(text -> query(context, form.cause(), text))));
    return Stream.of(omitted, received, forms).flatMap(candidates -> candidates);
  }

  /** Raw queries whose normal form is the pinned one. */
  private static Set<RawQuery> sources(RefusalContext context) {
    String pinned = context.target().query();
    Set<RawQuery> found = new LinkedHashSet<>();
    if (!pinned.isEmpty()) {
      Stream.concat(
              context.observed().query().stream(),
              context.hints().urls().stream().map(Hints.Url::rawQuery))
          .filter(raw -> context.normalQuery(raw).equals(Optional.of(pinned)))
          .forEach(raw -> found.add(RawQuery.parse(raw)));
      if (found.isEmpty()) {
        found.add(RawQuery.ofNormal(pinned));
      }
    }
    return found;
  }

  private static Stream<Candidate> query(RefusalContext context, Cause cause, String query) {
    return context.head(cause, context.target().method() + context.target().url() + query, "");
  }
}
