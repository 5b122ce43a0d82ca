package cloud.klink.webhooks.verifier.explain;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Another query, or the pinned one in another form. */
final class QueryFamily implements Family {
  @Override
  public Stream<Candidate> candidates(RefusalContext situation) {
    String pinned = situation.target().query();
    Stream<Candidate> omitted =
        pinned.isEmpty() ? Stream.empty() : query(situation, Cause.QUERY_OMITTED, "");
    Stream<Candidate> received = situation.shown().query().flatMap(situation::normalQuery).stream()
        .filter(query -> !query.equals(pinned))
        .flatMap(query -> query(situation, Cause.QUERY_AS_RECEIVED, query));
    Stream<Candidate> forms = sources(situation).stream()
        .flatMap(raw -> QueryForm.ALL.stream()
            .flatMap(form -> form.texts()
                .apply(raw)
                .distinct()
                .flatMap(text -> query(situation, form.cause(), text))));
    return Stream.of(omitted, received, forms).flatMap(candidates -> candidates);
  }

  /** Raw queries whose normal form is the pinned one. */
  private static Set<RawQuery> sources(RefusalContext situation) {
    String pinned = situation.target().query();
    Set<RawQuery> found = new LinkedHashSet<>();
    if (!pinned.isEmpty()) {
      Stream.concat(
              situation.shown().query().stream(),
              situation.hints().urls().stream().map(Hints.Url::rawQuery))
          .filter(raw -> situation.normalQuery(raw).equals(Optional.of(pinned)))
          .forEach(raw -> found.add(RawQuery.parse(raw)));
      if (found.isEmpty()) {
        found.add(RawQuery.ofNormal(pinned));
      }
    }
    return found;
  }

  private static Stream<Candidate> query(RefusalContext situation, Cause cause, String query) {
    return situation.head(
        cause, situation.target().method() + situation.target().url() + query, "");
  }
}
