package cloud.klink.webhooks.examples.cli.doctor;

/** What the answers to changed requests tell of how the receiver verifies. */
final class SignatureChecks {
  static final String QUERY = "query";

  private static final String FORGERY = "Anybody can send such requests: verify X-Signature before"
      + " anything else, and answer 401 if it does not match.";
  private static final String RAW = "The receiver hashes the bytes that come in. That holds while"
      + " nothing between K-LINK and it prints the JSON anew; to be independent of that, hash the"
      + " canonical body, as a verifier of this project does.";

  private SignatureChecks() {}

  static Finding wrongSignature(boolean accepts, Endpoint.Answer answer) {
    return mustRefuse("wrong signature", accepts, answer);
  }

  static Finding tamperedBody(boolean accepts, Endpoint.Answer answer) {
    return mustRefuse("tampered body", accepts, answer);
  }

  /** What is accepted is wrong in any case; a refusal counts only if other requests are not. */
  private static Finding mustRefuse(String check, boolean accepts, Endpoint.Answer answer) {
    if (answer.isSuccess()) {
      return Finding.wrong(check, "accepted with " + answer.shown(), FORGERY);
    }
    if (!accepts) {
      return Finding.unknown(check, "right requests are not accepted either", "Mend that first.");
    }
    return answer.isRefusal()
        ? Finding.ok(check, "refused with " + answer.shown())
        : Finding.unknown(
            check, answer.shown() + " is a failure, not a refusal", "Answer 401 instead.");
  }

  static Finding whiteSpace(boolean accepts, Endpoint.Answer answer) {
    return mustAccept("white space", accepts, answer);
  }

  static Finding memberOrder(boolean accepts, Endpoint.Answer answer) {
    return mustAccept("member order", accepts, answer);
  }

  private static Finding mustAccept(String check, boolean accepts, Endpoint.Answer answer) {
    if (!accepts) {
      return Finding.unknown(check, "right requests are not accepted either", "Mend that first.");
    }
    return answer.isSuccess()
        ? Finding.ok(check, "a change of it is accepted")
        : answer.status() == 0
            ? Finding.unknown(check, answer.shown(), "Try again.")
            : Finding.wrong(check, "a change of it is refused with " + answer.shown(), RAW);
  }

  /** The answer to a request that was signed without the URL's query. */
  static Finding query(Endpoint.Answer withoutQuery) {
    return withoutQuery.isSuccess()
        ? Finding.wrong(
            QUERY,
            "a request that is signed without it is accepted",
            "The receiver verifies for a URL without the query: give it the URL as it was entered in"
                + " K-LINK.")
        : Finding.unknown(QUERY, "right requests are not accepted", "Mend that first.");
  }
}
