package cloud.klink.webhooks.verifier.explain;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.verifier.explain.JsonTree.Style;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The body printed otherwise than in a form that the verifier accepts, or not at all. */
final class BodyFamily implements Family {
  /** Longer bodies are not taken apart: that takes far more memory than verifying them. */
  static final int MAX_TREE_BYTES = 1 << 20;

  private static final List<Dialect> ALL = List.of(Dialect.values());

  /** A mistaken order or spacing. */
  private record Misprint(Cause cause, Style style) {}

  private static final List<Misprint> MISPRINTS = List.of(
      new Misprint(Cause.BODY_SPACED, Style.of(RawQuery.BY_CODE_POINT, " ")),
      new Misprint(Cause.BODY_UNSORTED, Style.of(null, "")),
      new Misprint(Cause.BODY_UNSORTED, Style.of(null, " ")),
      new Misprint(Cause.BODY_TOP_LEVEL_SORTED, new Style(RawQuery.BY_CODE_POINT, null, "")),
      new Misprint(Cause.BODY_UTF16_ORDER, Style.of(Comparator.naturalOrder(), "")),
      new Misprint(Cause.BODY_NUMERIC_NAMES, Style.of(NameOrder.JAVASCRIPT, "")));

  @Override
  public Stream<Candidate> candidates(RefusalContext context) {
    return Stream.concat(Stream.of(raw(context)), likely(context)).flatMap(all -> all);
  }

  /** What can be tried of a body that has no canonical form, too. */
  static Stream<Candidate> raw(RefusalContext context) {
    byte[] body = context.body();
    byte[] trimmed = trim(body);
    return Stream.concat(
        context.body(Cause.BODY_RAW, body, ""),
        trimmed.length == body.length
            ? Stream.empty()
            : context.body(Cause.BODY_RAW_TRIMMED, trimmed, ""));
  }

  private static Stream<Stream<Candidate>> likely(RefusalContext context) {
    List<CanonicalBody> forms = RefusalContext.forms(context.body(), ALL);
    return Stream.of(
        forms.stream()
            .filter(form -> !context.forms().contains(form))
            .flatMap(form -> context.body(
                Cause.BODY_DIALECT,
                form.toBytes(),
                "The dialect is " + form.dialect().id() + ".")),
        forms.stream().flatMap(form -> misprints(context, form.dialect())),
        forms.stream()
            .flatMap(form -> context.body(
                Cause.BODY_SLASHES_ESCAPED,
                RefusalContext.utf8(form.text().replace("/", "\\/")),
                "")),
        escaped(context),
        Stream.concat(forms.stream().map(CanonicalBody::toBytes), Stream.of(context.body()))
            .flatMap(body -> Stream.of("\n", "\r\n")
                .flatMap(end -> context.body(Cause.BODY_LINE_END, append(body, end), ""))),
        context.body(Cause.BODY_OMITTED, new byte[0], ""));
  }

  private static Stream<Candidate> misprints(RefusalContext context, Dialect dialect) {
    if (context.body().length > MAX_TREE_BYTES) {
      return Stream.empty();
    }
    try {
      JsonTree tree = JsonTree.parse(new String(context.body(), StandardCharsets.UTF_8), dialect);
      Style listed =
          new Style(Comparator.naturalOrder(), Comparator.naturalOrder(), "", tree.names());
      return Stream.concat(
              MISPRINTS.stream(), Stream.of(new Misprint(Cause.BODY_NAME_LIST, listed)))
          .flatMap(misprint -> context.body(
              misprint.cause(), RefusalContext.utf8(tree.print(misprint.style())), ""));
    } catch (MalformedException e) {
      return Stream.empty(); // a number that this dialect cannot print
    }
  }

  private static Stream<Candidate> escaped(RefusalContext context) {
    if (context.body().length > MAX_TREE_BYTES) {
      return Stream.empty();
    }
    return RefusalContext.forms(context.body(), List.of(Dialect.KLINK, Dialect.GO)).stream()
        .map(CanonicalBody::text)
        .flatMap(StringEscapes::of)
        .flatMap(text -> context.body(Cause.BODY_ESCAPES, RefusalContext.utf8(text), ""));
  }

  static byte[] trim(byte[] body) {
    int start = 0;
    int end = body.length;
    while (start < end && isSpace(body[start])) {
      start++;
    }
    while (end > start && isSpace(body[end - 1])) {
      end--;
    }
    return Arrays.copyOfRange(body, start, end);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  private static byte[] append(byte[] body, String end) {
    byte[] longer = Arrays.copyOf(body, body.length + end.length());
    for (int i = 0; i < end.length(); i++) {
      longer[body.length + i] = (byte) end.charAt(i);
    }
    return longer;
  }
}
