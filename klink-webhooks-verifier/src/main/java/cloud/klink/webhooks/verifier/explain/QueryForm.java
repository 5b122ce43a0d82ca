package cloud.klink.webhooks.verifier.explain;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A mistaken way to print a query.
 *
 * @param cause what it is called
 * @param texts what it prints, in variants
 */
record QueryForm(Cause cause, Function<RawQuery, Stream<String>> texts) {
  /** From likely to unlikely. */
  static final List<QueryForm> ALL = List.of(
      new QueryForm(Cause.QUERY_RAW, QueryForm::raw),
      new QueryForm(Cause.QUERY_UNSORTED, QueryForm::unsorted),
      new QueryForm(Cause.QUERY_WITHOUT_BRACKETS, QueryForm::withoutBrackets),
      new QueryForm(Cause.QUERY_SEPARATORS, QueryForm::separators),
      new QueryForm(Cause.QUERY_NOT_DECODED, query -> Stream.of(query.sorted().bracketed())),
      new QueryForm(Cause.QUERY_PLUS_KEPT, QueryForm::plusKept),
      new QueryForm(Cause.QUERY_DECODED_TWICE, QueryForm::decodedTwice),
      new QueryForm(Cause.QUERY_GO_MAP, QueryForm::goMap),
      new QueryForm(Cause.QUERY_SEMICOLON, QueryForm::semicolons),
      new QueryForm(Cause.QUERY_HTML_ESCAPED, QueryForm::htmlEscaped));

  private static Stream<String> raw(RawQuery query) {
    return Stream.of(query.text(), query.sorted().flat(), query.sortedKeys().flat())
        .flatMap(text -> Stream.of("?" + text, text));
  }

  private static Stream<String> unsorted(RawQuery query) {
    RawQuery decoded = query.decoded();
    return Stream.of(decoded.sortedKeys().bracketed(), decoded.bracketed());
  }

  private static Stream<String> withoutBrackets(RawQuery query) {
    RawQuery decoded = query.decoded();
    RawQuery sorted = decoded.sorted();
    return Stream.of(
        sorted.flat(),
        "?" + sorted.flat(),
        decoded.flat(),
        sorted.grouped("=", QueryForm::bracketsForSeveral, "&"),
        sorted.grouped("=", values -> String.join(" ", values), "&"),
        sorted.grouped("=", values -> String.join(",", values), "&"));
  }

  private static String bracketsForSeveral(List<String> values) {
    return values.size() == 1 ? values.get(0) : bracketed(" ", values);
  }

  private static Stream<String> separators(RawQuery query) {
    RawQuery sorted = query.decoded().sorted();
    return Stream.of(
        sorted.grouped("=", values -> bracketed(", ", values), "&"),
        sorted.grouped("=", values -> bracketed(",", values), "&"),
        sorted.parameters().stream()
            .map(parameter -> parameter.key() + "=[" + parameter.value() + "]")
            .collect(Collectors.joining("&")));
  }

  private static Stream<String> plusKept(RawQuery query) {
    return Stream.of(
        query.map(side -> PercentEncoding.decode(side, false)).sorted().bracketed());
  }

  private static Stream<String> decodedTwice(RawQuery query) {
    RawQuery once = query.decoded();
    return Stream.of(
        once.decoded().sorted().bracketed(),
        once.map(side -> PercentEncoding.decode(side, false)).sorted().bracketed());
  }

  private static Stream<String> goMap(RawQuery query) {
    return Stream.of(query.decoded().sorted(), query.decoded().sortedKeys())
        .map(sorted -> "map[" + sorted.grouped(":", v -> bracketed(" ", v), " ") + "]");
  }

  /** Split at semicolons too, or without the parameters that hold one. */
  private static Stream<String> semicolons(RawQuery query) {
    if (query.text().indexOf(';') < 0) {
      return Stream.empty();
    }
    RawQuery split = RawQuery.parse(query.text().replace(';', '&'));
    RawQuery without = RawQuery.parse(Arrays.stream(query.text().split("&", -1))
        .filter(part -> part.indexOf(';') < 0)
        .collect(Collectors.joining("&")));
    return Stream.of(split, without).map(other -> other.decoded().sorted().bracketed());
  }

  private static Stream<String> htmlEscaped(RawQuery query) {
    String text = query.text();
    String plain = text.replace("&amp;", "&");
    return Stream.of(plain, plain.replace("&", "&amp;"))
        .filter(other -> !other.equals(text))
        .map(other -> RawQuery.parse(other).decoded().sorted().bracketed());
  }

  private static String bracketed(String separator, List<String> values) {
    return "[" + String.join(separator, values) + "]";
  }
}
