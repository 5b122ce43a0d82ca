package cloud.klink.webhooks.verifier.explain;

import cloud.klink.webhooks.Reason;
import cloud.klink.webhooks.verifier.RefusalReason;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was refused, for people. It holds neither a secret nor a signature, but it holds
 * the endpoint's URL: it is for the operators of the endpoint and for logs, not for the response.
 * Immutable and safe for use by many threads.
 *
 * <p>The codes of causes, to which more may be added:
 *
 * <ul>
 *   <li>Nothing wrong, or nothing found: {@code verifies}, {@code no_match}.
 *   <li>The request: {@code wrong_source}, {@code method_changed}, {@code query_changed}.
 *   <li>The signature header: {@code signature_missing}, {@code signature_repeated},
 *       {@code signature_length}, {@code signature_not_hex}, {@code signature_upper_case},
 *       {@code signature_white_space}, {@code signature_prefix}, {@code signature_base64}.
 *   <li>The URL and the query: {@code url_scheme}, {@code url_host}, {@code url_port},
 *       {@code url_path_as_received}, {@code url_as_received}, {@code url_candidate},
 *       {@code url_trailing_slash}, {@code url_path_decoded}, {@code url_path_encoded},
 *       {@code url_path_tidied}, {@code url_case}, {@code url_default_port},
 *       {@code url_empty_port}, {@code url_fragment}, {@code query_omitted},
 *       {@code query_as_received}, {@code query_raw}, {@code query_unsorted},
 *       {@code query_without_brackets}, {@code query_separators}, {@code query_go_map},
 *       {@code query_not_decoded}, {@code query_plus_kept}, {@code query_decoded_twice},
 *       {@code query_semicolon}, {@code query_html_escaped}, {@code url_path_only}.
 *   <li>The parts that are signed: {@code method_other}, {@code method_lower_case},
 *       {@code method_omitted}, {@code parts_separated}.
 *   <li>The body: {@code body_empty}, {@code body_too_large}, {@code body_malformed},
 *       {@code body_compressed}, {@code body_bom}, {@code body_base64}, {@code body_json_string},
 *       {@code body_encoded_twice}, {@code body_charset}, {@code body_only}, {@code body_dialect},
 *       {@code body_raw}, {@code body_raw_trimmed}, {@code body_spaced}, {@code body_unsorted},
 *       {@code body_top_level_sorted}, {@code body_utf16_order}, {@code body_numeric_names},
 *       {@code body_name_list}, {@code body_escapes}, {@code body_slashes_escaped},
 *       {@code body_line_end}, {@code body_omitted}.
 *   <li>The secret: {@code secret_older}, {@code secret_white_space}, {@code secret_quotes},
 *       {@code secret_prefix}, {@code secret_base64}, {@code secret_hex}, {@code secret_unset}.
 *   <li>The algorithm: {@code algorithm_other}, {@code algorithm_plain_hash},
 *       {@code algorithm_swapped}.
 * </ul>
 */
public final class Explanation {
  private final Cause cause;
  private final boolean matches;
  private final String detail;
  private final @Nullable RefusalReason refusal;
  private final List<Cause> tried;
  private final int attempts;
  private final boolean complete;

  Explanation(
      Cause cause,
      boolean matches,
      String detail,
      @Nullable RefusalReason refusal,
      @Nullable SignatureSearch search) {
    this.cause = cause;
    this.matches = matches;
    this.detail = detail;
    this.refusal = refusal;
    this.tried = search == null ? List.of() : search.tried();
    this.attempts = search == null ? 0 : search.attempts();
    this.complete = search == null || search.complete();
  }

  /**
   * The cause; its code is for machines.
   *
   * @return {@code verifies} if nothing is wrong, {@code no_match} if no cause was found
   */
  public Reason cause() {
    return cause;
  }

  /**
   * Whether the signature matches once this cause, and nothing else, is out of the way. Then the
   * cause is certain, and whoever signed holds the secret (but for {@code secret_unset} and a plain
   * hash without a secret). It does not make the request valid.
   *
   * @return false if the cause is only what must be fixed first, or none was found
   */
  public boolean matches() {
    return matches;
  }

  /**
   * What happened.
   *
   * @return a sentence
   */
  public String summary() {
    return cause.summary();
  }

  /**
   * What exactly is different in this request, as the URL that was signed. It may hold parts of the
   * request, on one line and cut to a readable length.
   *
   * @return empty if the summary says all
   */
  public Optional<String> detail() {
    return detail.isEmpty() ? Optional.empty() : Optional.of(detail);
  }

  /**
   * How to fix it.
   *
   * @return one or more sentences
   */
  public String remedy() {
    return cause.remedy();
  }

  /**
   * What the verifier refused the request for. More than the cause may be wrong, for example the
   * method besides the signature.
   *
   * @return empty if it did not refuse it
   */
  public Optional<RefusalReason> refusal() {
    return Optional.ofNullable(refusal);
  }

  /**
   * The causes that were tried, up to the one that matched.
   *
   * @return an unmodifiable list, in the order in which they were tried first
   */
  public List<Reason> tried() {
    return List.copyOf(tried);
  }

  /**
   * How many signatures were computed and compared.
   *
   * @return 0 or more, at most the explainer's limit
   */
  public int attempts() {
    return attempts;
  }

  /**
   * Whether the search ran to its end. What {@link #tried} lists tells which causes that covered.
   *
   * @return false if the explainer stopped at its limit of signatures or bytes
   */
  public boolean complete() {
    return complete;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Explanation explanation
        && cause == explanation.cause
        && matches == explanation.matches
        && detail.equals(explanation.detail)
        && refusal == explanation.refusal
        && tried.equals(explanation.tried)
        && attempts == explanation.attempts
        && complete == explanation.complete;
  }

  @Override
  public int hashCode() {
    return Objects.hash(cause, matches, detail, refusal, attempts);
  }

  /** All of it in several lines, for a person. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("cause:    ").append(cause.code());
    if (matches && cause != Cause.VERIFIES) {
      out.append(" (with this fixed, the signature matches)");
    }
    line(out, "what:     ", summary());
    if (!detail.isEmpty()) {
      line(out, "here:     ", detail);
    }
    line(out, "to fix:   ", remedy());
    if (refusal != null) {
      line(out, "refused:  ", refusal.code() + ", " + refusal.description());
    }
    if (attempts > 0) {
      line(out, "tried:    ", attempts + (attempts == 1 ? " signature" : " signatures"));
      if (!tried.isEmpty()) {
        String codes = tried.stream().map(Cause::code).collect(Collectors.joining(", "));
        out.append(" for ").append(codes);
      }
      out.append(complete ? "" : "; stopped at the limit");
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String label, String text) {
    out.append('\n').append(label).append(text);
  }
}
