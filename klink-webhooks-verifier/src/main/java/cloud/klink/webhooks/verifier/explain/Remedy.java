package cloud.klink.webhooks.verifier.explain;

/** Sentences that several causes share. */
final class Remedy {
  static final String URL = "Pin the verifier to the URL exactly as it was entered in K-LINK. If"
      + " the public URL is right, enter it in K-LINK, or have the signer use it.";
  static final String QUERY = "Print each key, sorted, as key=[value value], decoded and the"
      + " values sorted, joined with \"&\".";
  static final String PARTS =
      "Sign method, URL, query and body, one behind the other with nothing between them.";
  static final String BODY = "Sign the canonical body: JSON without white space, the members of"
      + " every object sorted by code point.";

  private Remedy() {}
}
