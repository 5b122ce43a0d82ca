package cloud.klink.webhooks.verifier.explain;

import cloud.klink.webhooks.Reason;
import java.util.Locale;

/**
 * What explains that a request was refused: for most, the one change that makes its signature
 * match. The code of each is its name in lower case; {@link Explanation} lists them.
 */
enum Cause implements Reason {
  /** The verifier accepts the request. */
  VERIFIES("The verifier accepts this request.", "There is nothing to fix."),

  /** No single change that is known makes the signature match. */
  NO_MATCH(
      "No single change that is known makes the signature match.",
      "Check first that both sides hold the same secret, best by entering it anew on both; then"
          + " that the body is kept as it came, before any framework parses it. If both hold, give"
          + " the explainer older secrets and the URLs that this endpoint ever had."),

  // Refused for something that is not signed, or that the verifier does not take from the request.

  /** The signature is right, but the connection came from an address that is not allowed. */
  WRONG_SOURCE(
      "The signature is right, but the connection came from an address that is not allowed.",
      "Behind a proxy the proxy's address is all that is seen: leave the check to the proxy, or"
          + " allow its address."),

  /** The signature is right for the verifier's method, but the request came with another. */
  METHOD_CHANGED(
      "The signature is right for the method that the verifier expects, but the request came with"
          + " another.",
      "Look for a redirect or a proxy that changes the method, and hand the method to the verifier"
          + " as it came, in upper case."),

  /** The signature is right for the public URL's query, but the request came with another. */
  QUERY_CHANGED(
      "The signature is right for the public URL's query, but the request came with another.",
      "Look for the proxy that changes the query, and hand on the target of the request's line."),

  // The signature's form.

  /** There is no signature. */
  SIGNATURE_MISSING(
      "There is no header X-Signature.",
      "Have the proxy pass the header on, and check that the request came from K-LINK at all."),

  /** There is more than one signature. */
  SIGNATURE_REPEATED(
      "The header X-Signature came more than once.",
      "Find out who adds the other one: a proxy that copies headers, or a sender that signs twice."),

  /** The signature has not 64 digits. */
  SIGNATURE_LENGTH(
      "The header X-Signature has not exactly 64 characters.",
      "Send the whole HMAC-SHA256 as 64 lower-case hex digits and nothing else."),

  /** The signature is not hex. */
  SIGNATURE_NOT_HEX(
      "The header X-Signature holds characters that are no hex digits.",
      "Send the HMAC-SHA256 as 64 lower-case hex digits and nothing else."),

  /** The signature's hex digits are upper-case. */
  SIGNATURE_UPPER_CASE(
      "The hex digits of the header X-Signature are upper-case.", "Send lower-case hex digits."),

  /** There is white space around the signature. */
  SIGNATURE_WHITE_SPACE(
      "There is white space around the signature in the header X-Signature.",
      "Trim the header's value where it is read, or where it is written."),

  /** There is something in front of the signature, as {@code sha256=}, or quotes around it. */
  SIGNATURE_PREFIX(
      "There is something around the signature in X-Signature, as \"sha256=\" or quotes.",
      "Send the 64 hex digits alone."),

  /** The signature is in Base64. */
  SIGNATURE_BASE64(
      "The signature in the header X-Signature is in Base64.",
      "Send it as 64 lower-case hex digits."),

  // What became of the body on its way, and what cannot be verified at all.

  /** There is no body. */
  BODY_EMPTY(
      "The body is empty.",
      "Read the body before any framework does: its stream can be read only once."),

  /** The body is longer than the verifier accepts; nothing was tried. */
  BODY_TOO_LARGE(
      "The body is longer than the verifier accepts, so nothing was tried.",
      "Raise the verifier's maxBodyBytes if bodies of this length are expected."),

  /** The body has no canonical form. */
  BODY_MALFORMED(
      "The body has no canonical form.",
      "Have the sender send one JSON value in UTF-8, and hand the body to the verifier as it came."),

  /** The body is compressed. */
  BODY_COMPRESSED(
      "The body is compressed.",
      "Have the server decompress it before it is verified: the signature is of the JSON."),

  /** There is a byte order mark in front of the body. */
  BODY_BOM(
      "There is a byte order mark in front of the body; without it the signature matches.",
      "Find out who adds it: a file written on Windows, or a framework that prints the body anew."),

  /** The body is the Base64 form of what was signed. */
  BODY_BASE64(
      "The body is the Base64 form of what was signed.",
      "Decode it first: API gateways hand a body to a function like that and say so beside it."),

  /** The body is a JSON string that holds what was signed. */
  BODY_JSON_STRING(
      "The body is a JSON string that holds what was signed.",
      "Hand on the body as it came: something printed it as JSON once more."),

  /** The body's UTF-8 was read as Latin-1 and written as UTF-8 again. */
  BODY_ENCODED_TWICE(
      "The body's UTF-8 was read as Latin-1 and written as UTF-8 again.",
      "Read the body as bytes, or as UTF-8: a framework took it for ISO-8859-1."),

  /** The body is not in UTF-8, but in the character set that its Content-Type names. */
  BODY_CHARSET(
      "The body came in another character set than UTF-8, or was printed anew in another; put back"
          + " into UTF-8 the signature matches.",
      "Have everything on the way leave the bytes alone: a webhook is UTF-8, whatever the header"
          + " Content-Type says."),

  // The URL.

  /** The URL was signed with another scheme. */
  URL_SCHEME(
      "The URL was signed with another scheme.",
      Remedy.URL + " A proxy that ends TLS shows http, which is not what was entered."),

  /** The URL was signed with another host, with or without a port. */
  URL_HOST(
      "The URL was signed with another host.",
      Remedy.URL + " A proxy or tunnel shows an internal host, which is not what was entered."),

  /** The URL was signed with another port. */
  URL_PORT("The URL was signed with another port, or without one.", Remedy.URL),

  /** The URL was signed with the path that the request shows. */
  URL_PATH_AS_RECEIVED(
      "The URL was signed with the path that the request shows, which is not the public URL's.",
      Remedy.URL + " A proxy that adds or strips a prefix shows another path."),

  /** The URL was signed as the request shows it, more than one part differing. */
  URL_AS_RECEIVED(
      "The URL was signed as the request shows it (Host, X-Forwarded headers, request line), which"
          + " is not the public URL.",
      Remedy.URL + " Behind a proxy or tunnel, enter its public URL in K-LINK, too."),

  /** Another URL was signed, one of those that the explainer was given. */
  URL_CANDIDATE("Another URL was signed: one that the explainer was given to try.", Remedy.URL),

  /** The URL was signed with a slash more or less at the end of its path. */
  URL_TRAILING_SLASH(
      "The URL was signed with a slash more or less at the end of its path.", Remedy.URL),

  /** The URL was signed with its path percent-decoded. */
  URL_PATH_DECODED(
      "The URL was signed with its path percent-decoded.",
      "Have the signer use the path as it is sent; frameworks tend to decode it."),

  /** The URL was signed with its path percent-encoded differently. */
  URL_PATH_ENCODED(
      "The URL was signed with its path percent-encoded differently: more of it, once more, or with"
          + " hex digits of the other case.",
      "Have the signer use the path as it is sent, without encoding it again."),

  /** The URL was signed with its path tidied up: no dot segments, no double slashes. */
  URL_PATH_TIDIED(
      "The URL was signed with its path tidied up: dot segments resolved, double slashes joined.",
      "Enter the tidy form in K-LINK and in the verifier, so that there is nothing to tidy."),

  /** The URL was signed without making the host and the scheme lower-case. */
  URL_CASE(
      "The URL was signed without making its scheme and host lower-case.",
      "Have the signer make them lower-case."),

  /** The URL was signed with its scheme's default port. */
  URL_DEFAULT_PORT(
      "The URL was signed with its scheme's default port, which the canonical form drops.",
      "Have the signer drop :443 of https and :80 of http."),

  /** The URL was signed with a colon behind its host and no port. */
  URL_EMPTY_PORT(
      "The URL was signed with a colon behind its host and no port.",
      "Enter the URL without that colon, and have the signer drop it."),

  /** The URL was signed with its fragment. */
  URL_FRAGMENT(
      "The URL was signed with its fragment.", "Have the signer cut the URL at its \"#\"."),

  // The query.

  /** The query was not signed. */
  QUERY_OMITTED(
      "The query was not signed.",
      "Have the signer add the query in its normal form behind the URL, or pin the verifier to the"
          + " URL without a query if that is what was entered in K-LINK."),

  /** The query that the request shows was signed, which is not the public URL's. */
  QUERY_AS_RECEIVED(
      "The query that the request shows was signed, which is not the public URL's.",
      "Pin the verifier to the URL with its query, exactly as it was entered in K-LINK."),

  /** The query was signed as it stands in the URL. */
  QUERY_RAW("The query was signed as it stands in the URL, not in its normal form.", Remedy.QUERY),

  /** The query was signed in another order. */
  QUERY_UNSORTED(
      "The query was signed without sorting its keys or the values of a key.", Remedy.QUERY),

  /** The query was signed without the brackets around its values. */
  QUERY_WITHOUT_BRACKETS(
      "The query was signed without the brackets around the values of some or all keys.",
      Remedy.QUERY),

  /** The query was signed with other separators between a key's values. */
  QUERY_SEPARATORS(
      "The query was signed with something else than one space between the values of a key.",
      Remedy.QUERY),

  /** The query was signed as Go prints a map. */
  QUERY_GO_MAP("The query was signed as Go prints a map: map[key:[value]].", Remedy.QUERY),

  /** The query was signed without decoding it. */
  QUERY_NOT_DECODED(
      "The query was signed with its keys and values still percent-encoded.", Remedy.QUERY),

  /** The query was signed with its plus signs kept. */
  QUERY_PLUS_KEPT(
      "The query was signed with its plus signs kept; they stand for spaces.", Remedy.QUERY),

  /** The query was decoded twice before it was signed. */
  QUERY_DECODED_TWICE("The query was percent-decoded twice before it was signed.", Remedy.QUERY),

  /** The query was signed as if a semicolon separated parameters, or voided them. */
  QUERY_SEMICOLON(
      "The query holds a semicolon, which the signer took for a separator, or for which it left the"
          + " parameter out, as Go does.",
      "Write %3B for the semicolon in the URL that is entered in K-LINK, and pin the verifier to"
          + " that."),

  /** The query was signed with an HTML entity for its ampersands, or without. */
  QUERY_HTML_ESCAPED(
      "The query has \"&amp;\" for \"&\" on one side: the URL was copied from HTML.",
      "Enter the URL with plain ampersands on both sides."),

  // The method and how the parts were put together.

  /** Another method was signed. */
  METHOD_OTHER(
      "Another method was signed.",
      "Have the signer use the method that it sends with; the verifier expects POST unless it is"
          + " told otherwise."),

  /** The method was signed in lower case. */
  METHOD_LOWER_CASE(
      "The method was signed in lower case.", "Have the signer write it in upper case."),

  /** The method was not signed. */
  METHOD_OMITTED("The method was not signed.", Remedy.PARTS),

  /** Only the body was signed. */
  BODY_ONLY(
      "Only the body was signed, without method, URL and query, as general webhook libraries do.",
      Remedy.PARTS),

  /** Only the path was signed instead of the URL. */
  URL_PATH_ONLY("Only the path was signed, without scheme and host.", Remedy.PARTS),

  /** The parts were signed with something between them. */
  PARTS_SEPARATED(
      "Method, URL, query and body were signed with something between them, as line ends.",
      Remedy.PARTS),

  // The body as it was signed.

  /** The body was signed in a dialect that the verifier does not accept. */
  BODY_DIALECT(
      "The body was signed in a dialect that the verifier does not accept.",
      "Have the verifier accept that dialect, too; accepting all of them is safe."),

  /** The body was signed as it was sent. */
  BODY_RAW("The body was signed as it was sent, not in canonical form.", Remedy.BODY),

  /** The body was signed as it was sent, but trimmed. */
  BODY_RAW_TRIMMED(
      "The body was signed as it was sent but trimmed, not in canonical form.", Remedy.BODY),

  /** The body was signed with white space between its tokens. */
  BODY_SPACED(
      "The body was signed sorted, but with white space behind commas and colons.",
      "Print it without white space: in Python, separators=(\",\", \":\")."),

  /** The body was signed compact, but its members were not sorted. */
  BODY_UNSORTED(
      "The body was signed with its members in the order in which they were sent.",
      "Sort the members of every object: in Python, sort_keys=True."),

  /** Only the outermost object's members were sorted. */
  BODY_TOP_LEVEL_SORTED(
      "The body was signed with only the outermost object's members sorted.",
      "Sort the members of the inner objects, too."),

  /** The members were sorted by UTF-16 code units. */
  BODY_UTF16_ORDER(
      "The body was signed with its members sorted by UTF-16 code units, as JavaScript and Java"
          + " compare strings.",
      "Sort by code points, or by the bytes of UTF-8, which is the same."),

  /** Names that are numbers came first, in numeric order. */
  BODY_NUMERIC_NAMES(
      "The body was signed with names that are integers in front of the others and in numeric order,"
          + " as JavaScript keeps an object's keys.",
      "In JavaScript, print the sorted members yourself instead of building an object of them."),

  /** Inner members were dropped. */
  BODY_NAME_LIST(
      "The body was signed with only those inner members whose names the outermost object has too:"
          + " JSON.stringify was given a list of names.",
      "Sort each object on its own; a list as the second argument drops what it does not name."),

  /** Characters were escaped that the canonical form keeps. */
  BODY_ESCAPES(
      "The body was signed with characters escaped that the canonical form keeps, as C#'s"
          + " System.Text.Json, Gson and many other libraries do by default.",
      "In C#, use JavaScriptEncoder.UnsafeRelaxedJsonEscaping; in Gson, disableHtmlEscaping(); in"
          + " PHP, JSON_UNESCAPED_UNICODE, JSON_UNESCAPED_LINE_TERMINATORS and"
          + " JSON_UNESCAPED_SLASHES; with any library, have it escape no more than JSON must."),

  /** Slashes were escaped. */
  BODY_SLASHES_ESCAPED(
      "The body was signed with its slashes escaped, as PHP's json_encode does.",
      "In PHP, give json_encode the flag JSON_UNESCAPED_SLASHES."),

  /** A line end was signed behind the body. */
  BODY_LINE_END(
      "The body was signed with a line end behind it.",
      "Print it without one: shell tools and JSON encoders that write to streams add it."),

  /** The body was not signed. */
  BODY_OMITTED(
      "The body was not signed, as for a GET request.",
      "Have the signer add the canonical body behind the query, whatever the method."),

  // The secret.

  /** An older secret was used. */
  SECRET_OLDER(
      "An older secret was used.",
      "Give the verifier the older secret beside the new one until K-LINK signs with the new one."),

  /** There is white space around the secret on one side. */
  SECRET_WHITE_SPACE(
      "There is white space around the secret, as a line end, on one side and not on the other.",
      "Trim the secret where it is configured: files tend to end with a line end."),

  /** There are quotes around the secret on one side. */
  SECRET_QUOTES(
      "There are quotes around the secret on one side and not on the other.",
      "Take the quotes out of the configuration: not every format of environment files strips them."),

  /** The secret has its prefix on one side only. */
  SECRET_PREFIX(
      "The secret was used with its prefix \"whsec_\" on one side and without it on the other.",
      "Use the secret to the letter, its prefix included."),

  /** The secret was decoded from Base64. */
  SECRET_BASE64(
      "The secret was decoded from Base64 before it was used.",
      "Use the secret's text itself in UTF-8 as the key."),

  /** The secret was decoded from hex. */
  SECRET_HEX(
      "The secret was decoded from hex before it was used.",
      "Use the secret's text itself in UTF-8 as the key."),

  /** The sender had no secret. */
  SECRET_UNSET(
      "The request was signed with no secret: an empty one, or a word as \"undefined\" or \"null\".",
      "Set the signer's secret; it read a setting that does not exist. Anyone can make such a"
          + " signature, so it says nothing about who sent the request."),

  // The algorithm.

  /** Another algorithm was used. */
  ALGORITHM_OTHER(
      "The request was signed with another algorithm than HMAC-SHA256.", "Use HMAC-SHA256."),

  /** A plain hash was used. */
  ALGORITHM_PLAIN_HASH(
      "The signature is a plain SHA-256, not an HMAC.",
      "Use HMAC-SHA256 with the secret as its key."),

  /** Key and message were swapped. */
  ALGORITHM_SWAPPED(
      "Key and message of the HMAC were swapped.",
      "Give the secret as the key; the order of the arguments differs between languages.");

  private final String summary;
  private final String remedy;

  Cause(String summary, String remedy) {
    this.summary = summary;
    this.remedy = remedy;
  }

  /**
   * {@inheritDoc}
   *
   * @return the constant's name in lower case
   */
  @Override
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What happened.
   *
   * @return a sentence
   */
  public String summary() {
    return summary;
  }

  /**
   * How to fix it.
   *
   * @return one or more sentences
   */
  public String remedy() {
    return remedy;
  }
}
