package cloud.klink.webhooks.verifier.explain;

import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.verifier.RefusalReason;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One refused request: first what can be seen, then what must be tried. */
final class Examination {
  /** From likely to unlikely; the first candidate that matches is the answer. */
  private static final List<Family> FAMILIES = List.of(
      new UrlFamily(),
      new UrlSpellingFamily(),
      new SecretFamily(),
      new QueryFamily(),
      new BodyFamily(),
      new ReceivedBodyFamily(),
      new LayoutFamily(),
      new AlgorithmFamily());

  private final RefusalContext context;
  private final RefusalReason refusal;
  private final int maxAttempts;

  Examination(RefusalContext context, RefusalReason refusal, int maxAttempts) {
    this.context = context;
    this.refusal = refusal;
    this.maxAttempts = maxAttempts;
  }

  Explanation explain() {
    List<String> values = context.request().headers(WebhookHeaders.SIGNATURE);
    if (values.isEmpty()) {
      return unproven(Cause.SIGNATURE_MISSING, otherHeaders());
    }
    if (context.tooLarge()) {
      return unproven(Cause.BODY_TOO_LARGE, "It has " + context.body().length + " bytes.");
    }
    List<String> signatures = PresentedSignature.split(values);
    if (signatures.size() > 1) {
      return repeated(signatures);
    }
    PresentedSignature presented = PresentedSignature.parse(signatures.get(0));
    SignatureSearch search = search(presented);
    Cause defect = presented.defect();
    if (context.body().length == 0 && defect == null) {
      boolean matches = search.first(context.asItIs()).isPresent();
      return new Explanation(
          Cause.BODY_EMPTY,
          matches,
          matches
              ? "The sender signed an empty body."
              : "The signature is not that of an empty body, so the sender most likely sent one.",
          refusal,
          search);
    }
    if (context.malformed().isPresent() && defect == null) {
      return malformed(search, context.malformed().get());
    }
    if (search.first(context.asItIs()).isPresent()) {
      return found(defect == null ? besides() : defect, presented.detail(), search);
    }
    Stream<Candidate> candidates = defect == null
        ? FAMILIES.stream().flatMap(family -> family.candidates(context))
        : AlgorithmFamily.ofLength(context, presented.bytes().length);
    Optional<Candidate> match = search.first(candidates);
    if (match.isPresent()) {
      return found(match.get().cause, match.get().detail, search);
    }
    return defect == null
        ? new Explanation(Cause.NO_MATCH, false, "", refusal, search)
        : new Explanation(defect, false, presented.detail(), refusal, search);
  }

  private SignatureSearch search(PresentedSignature presented) {
    return new SignatureSearch(presented.bytes(), maxAttempts, SignatureExplainer.MAX_BYTES);
  }

  private Explanation unproven(Cause cause, String detail) {
    return new Explanation(cause, false, detail, refusal, null);
  }

  private Explanation found(Cause cause, String detail, SignatureSearch search) {
    return new Explanation(cause, true, detail, refusal, search);
  }

  /** What a request whose signature matches was refused for. */
  private Cause besides() {
    return switch (refusal) {
      case WRONG_SOURCE -> Cause.WRONG_SOURCE;
      case WRONG_METHOD -> Cause.METHOD_CHANGED;
      case WRONG_QUERY -> Cause.QUERY_CHANGED;
      default -> throw new IllegalStateException("refused although it verifies: " + refusal);
    };
  }

  private String otherHeaders() {
    List<String> similar = context.request().headers().keySet().stream()
        .filter(name -> name.toLowerCase(Locale.ROOT).contains("signature"))
        .limit(4)
        .map(VisibleText::of)
        .toList();
    return similar.isEmpty() ? "" : "But there is " + String.join(", ", similar) + ".";
  }

  private Explanation repeated(List<String> signatures) {
    for (int i = 0; i < signatures.size(); i++) {
      PresentedSignature presented = PresentedSignature.parse(signatures.get(i));
      SignatureSearch search = search(presented);
      if (search.first(context.asItIs()).isPresent()) {
        return found(Cause.SIGNATURE_REPEATED, "Number " + (i + 1) + " is the right one.", search);
      }
    }
    return unproven(Cause.SIGNATURE_REPEATED, "None of them is the right one.");
  }

  private Explanation malformed(SignatureSearch search, String rule) {
    Optional<Candidate> match = search.first(new ReceivedBodyFamily().candidates(context));
    if (match.isPresent()) {
      return found(match.get().cause, match.get().detail, search);
    }
    if (search.first(BodyFamily.raw(context)).isPresent()) {
      String detail = rule + ". The signature is that of the body as it was sent.";
      return new Explanation(Cause.BODY_MALFORMED, false, detail, refusal, search);
    }
    byte[] body = context.body();
    boolean gzip = body.length > 2 && body[0] == 0x1f && body[1] == (byte) 0x8b;
    String encoding = context.request().headers("Content-Encoding").stream()
        .filter(value -> !value.equalsIgnoreCase("identity"))
        .map(VisibleText::of)
        .collect(Collectors.joining(", "));
    return gzip || !encoding.isEmpty()
        ? new Explanation(
            Cause.BODY_COMPRESSED,
            false,
            encoding.isEmpty()
                ? "It starts as gzip does."
                : "Its Content-Encoding is " + encoding + ".",
            refusal,
            search)
        : new Explanation(Cause.BODY_MALFORMED, false, rule + ".", refusal, search);
  }
}
