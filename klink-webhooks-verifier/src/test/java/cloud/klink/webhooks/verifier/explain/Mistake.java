package cloud.klink.webhooks.verifier.explain;

import static cloud.klink.webhooks.verifier.explain.Attempt.hmac;
import static cloud.klink.webhooks.verifier.explain.Attempt.utf8;
import static cloud.klink.webhooks.verifier.explain.NaiveJson.AS_GIVEN;
import static cloud.klink.webhooks.verifier.explain.NaiveJson.BY_CODE_POINT;
import static cloud.klink.webhooks.verifier.explain.NaiveJson.BY_CODE_UNIT;

import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/**
 * A mistake as somebody makes it, and what it must be called.
 *
 * @param name what is done wrong
 * @param cause what must be reported
 * @param proven whether fixing it alone makes the signature match
 * @param make does it
 */
record Mistake(String name, Cause cause, boolean proven, Consumer<Attempt> make) {
  static final List<Mistake> ALL = List.of(
      // beside the signature
      proven("source address", Cause.WRONG_SOURCE, a -> {
        a.expected = verifier -> verifier.allowedSources(WebhookVerifier.KLINK_ADDRESS);
        a.sent = request -> request.remoteAddress(loopback());
      }),
      proven("method changed by a redirect", Cause.METHOD_CHANGED, a -> a.sentMethod = "GET"),
      proven("method handed on in lower case", Cause.METHOD_CHANGED, a -> a.sentMethod = "post"),
      proven(
          "query dropped by a proxy",
          Cause.QUERY_CHANGED,
          a -> a.target = Optional.of(a.sample.path())),
      // the signature's form
      visible("no signature", Cause.SIGNATURE_MISSING, a -> a.signature = hex -> ""),
      visible("another header", Cause.SIGNATURE_MISSING, a -> {
        a.sent = request -> request.header("X-Hub-Signature-256", "sha256=00");
        a.signature = hex -> "";
      }),
      proven("signature copied", Cause.SIGNATURE_REPEATED, a -> {
        String right = a.presented();
        a.sent = request -> request.header("X-Signature", right);
      }),
      proven(
          "signatures joined",
          Cause.SIGNATURE_REPEATED,
          a -> a.signature = hex -> "0".repeat(64) + ", " + hex),
      visible("signatures of others", Cause.SIGNATURE_REPEATED, a -> {
        a.signature = hex -> "0".repeat(64);
        a.sent = request -> request.header("X-Signature", "1".repeat(64));
      }),
      visible(
          "signature cut", Cause.SIGNATURE_LENGTH, a -> a.signature = hex -> hex.substring(0, 62)),
      visible("signature empty", Cause.SIGNATURE_LENGTH, a -> {
        a.signature = hex -> "";
        a.sent = request -> request.header("X-Signature", "");
      }),
      visible(
          "signature not hex",
          Cause.SIGNATURE_NOT_HEX,
          a -> a.signature = hex -> "g" + hex.substring(1)),
      proven(
          "signature in upper case",
          Cause.SIGNATURE_UPPER_CASE,
          a -> a.signature = hex -> hex.toUpperCase(Locale.ROOT)),
      proven(
          "signature with a line end",
          Cause.SIGNATURE_WHITE_SPACE,
          a -> a.signature = hex -> hex + "\n"),
      proven(
          "signature with a prefix",
          Cause.SIGNATURE_PREFIX,
          a -> a.signature = hex -> "sha256=" + hex),
      proven(
          "signature in quotes",
          Cause.SIGNATURE_PREFIX,
          a -> a.signature = hex -> "\"" + hex + "\""),
      proven(
          "signature in Base64",
          Cause.SIGNATURE_BASE64,
          a -> a.signature =
              hex -> Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex))),
      proven(
          "signature in URL-safe Base64",
          Cause.SIGNATURE_BASE64,
          a -> a.signature = hex -> Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(HexFormat.of().parseHex(hex))),
      // the body as it was received
      visible("body read before", Cause.BODY_EMPTY, a -> a.sentBody = new byte[0]),
      proven("no body at all", Cause.BODY_EMPTY, a -> {
        a.body = new byte[0];
        a.sentBody = new byte[0];
      }),
      visible(
          "body too long",
          Cause.BODY_TOO_LARGE,
          a -> a.expected = verifier -> verifier.maxBodyBytes(a.sentBody.length - 1)),
      visible("body cut", Cause.BODY_MALFORMED, a -> a.sentBody = utf8("{\"event\":")),
      visible("form signed raw", Cause.BODY_MALFORMED, a -> {
        a.sentBody = utf8("payload=%7B%7D");
        a.body = a.sentBody;
      }),
      visible("gzip", Cause.BODY_COMPRESSED, a -> a.sentBody = new byte[] {0x1f, (byte) 0x8b, 8}),
      visible("content encoding", Cause.BODY_COMPRESSED, a -> {
        a.sentBody = utf8("\u0000br");
        a.sent = request -> request.header("Content-Encoding", "br");
      }),
      proven(
          "byte order mark", Cause.BODY_BOM, a -> a.sentBody = utf8("\ufeff" + a.sample.rawBody())),
      proven(
          "body in Base64",
          Cause.BODY_BASE64,
          a -> a.sentBody = Base64.getEncoder().encode(utf8(a.sample.rawBody()))),
      proven(
          "body in a JSON string",
          Cause.BODY_JSON_STRING,
          a -> a.sentBody = utf8(NaiveJson.CANONICAL.print(a.sample.canonicalBody()))),
      proven(
          "body taken for Latin-1",
          Cause.BODY_ENCODED_TWICE,
          a ->
              a.sentBody = utf8(new String(utf8(a.sample.rawBody()), StandardCharsets.ISO_8859_1))),
      proven("body in the charset of its header", Cause.BODY_CHARSET, a -> {
        a.sentBody = a.sample.rawBody().getBytes(StandardCharsets.UTF_16);
        a.sent = request -> request.header("Content-Type", "application/json; charset=\"UTF-16\"");
      }),
      proven("body read in the charset of its header", Cause.BODY_CHARSET, a -> {
        a.sentBody = utf8(new String(utf8(a.sample.rawBody()), Charset.forName("IBM437")));
        a.sent = request -> request.header("Content-Type", "application/json;charset=IBM437");
      }),
      proven("body compressed by a proxy", Cause.BODY_COMPRESSED, a -> {
        a.sentBody = gzip(a.sentBody);
        a.sent = request -> request.header("Content-Encoding", "gzip");
      }),
      // the URL
      proven("http for https", Cause.URL_SCHEME, a -> a.url = url(a, "http", "", a.sample.path())),
      proven("wss for https", Cause.URL_SCHEME, a -> a.url = url(a, "wss", "", a.sample.path())),
      proven(
          "https for http",
          Cause.URL_SCHEME,
          a -> a.publicUrl = a.publicUrl.replace("https:", "http:")),
      proven("internal host", Cause.URL_HOST, a -> {
        a.url = "https://10.0.0.7:8080" + a.sample.path();
        a.sent = request -> request.header("Host", "10.0.0.7:8080");
      }),
      proven("internal host given", Cause.URL_HOST, a -> {
        a.url = "https://[fd00::7]:8080" + a.sample.path();
        a.hints = explainer -> explainer.candidateHost("[FD00::7]:8080");
      }),
      proven("forwarded host", Cause.URL_HOST, a -> {
        a.url = "https://abc.tunnel.example" + a.sample.path();
        a.sent = request -> request
            .header("Host", "localhost:8080")
            .header("Forwarded", "for=192.0.2.1;host=\"abc.tunnel.example\";proto=https");
      }),
      proven("port added", Cause.URL_PORT, a -> a.url = url(a, "https", ":8443", a.sample.path())),
      proven("port of a header", Cause.URL_PORT, a -> {
        a.url = url(a, "https", ":9443", a.sample.path());
        a.sent = request -> request.header("X-Forwarded-Port", "9443");
      }),
      proven(
          "port lost",
          Cause.URL_PORT,
          a -> a.publicUrl = a.publicUrl.replace(".com/", ".com:8443/")),
      proven("prefix stripped by a proxy", Cause.URL_PATH_AS_RECEIVED, a -> {
        a.url = url(a, "https", "", "/z");
        a.target = Optional.of("/z?" + a.sample.rawQuery());
      }),
      proven("URL as a proxy shows it", Cause.URL_AS_RECEIVED, a -> {
        a.url = "http://10.0.0.7:8080/z";
        a.target = Optional.of("/z?" + a.sample.rawQuery());
        a.sent = request -> request.header("Host", "10.0.0.7:8080");
      }),
      proven("http and internal host", Cause.URL_AS_RECEIVED, a -> {
        a.url = "http://app.internal" + a.sample.path();
        a.sent = request -> request.header("Host", "app.internal");
      }),
      proven("pinned to localhost", Cause.URL_AS_RECEIVED, a -> {
        a.publicUrl = "http://localhost:8080" + a.sample.target();
        a.sent = request -> request
            .header("Host", "localhost:8080")
            .header("X-Forwarded-Host", a.sample.host())
            .header("X-Forwarded-Proto", "https");
      }),
      proven("another URL given", Cause.URL_CANDIDATE, a -> {
        a.url = "http://old.example.com/hook";
        a.query = "v=[1]";
        a.hints = explainer -> explainer.candidateUrl("http://old.example.com/hook?v=1");
      }),
      proven("slash added", Cause.URL_TRAILING_SLASH, a -> a.url += "/"),
      proven("slash lost", Cause.URL_TRAILING_SLASH, a -> {
        a.publicUrl = a.sample.url() + "/?" + a.sample.rawQuery();
        a.target = Optional.of(a.sample.path() + "/?" + a.sample.rawQuery());
      }),
      proven(
          "path decoded",
          Cause.URL_PATH_DECODED,
          a -> a.url = url(a, "https", "", "/" + a.sample.segment() + "/\u1780/a:b//./z")),
      proven(
          "path encoded more", Cause.URL_PATH_ENCODED, a -> a.url = a.url.replace("a:b", "a%3Ab")),
      proven(
          "path encoded twice",
          Cause.URL_PATH_ENCODED,
          a -> a.url = a.url.replace("%", "%25").replace("a:b", "a%3Ab")),
      proven(
          "path with upper-case hex",
          Cause.URL_PATH_ENCODED,
          a -> a.url = a.url.replace("%e1%9e%80%2f", "%E1%9E%80%2F")),
      proven(
          "double slashes joined",
          Cause.URL_PATH_TIDIED,
          a -> a.url = a.url.replace("//./", "/./")),
      proven(
          "dot segments resolved", Cause.URL_PATH_TIDIED, a -> a.url = a.url.replace("//./", "/")),
      proven(
          "host in upper case",
          Cause.URL_CASE,
          a -> a.url = a.url.replace(a.sample.host(), a.sample.host().toUpperCase(Locale.ROOT))),
      proven("host as typed", Cause.URL_CASE, a -> {
        a.url = a.url.replace(".example.com", ".Example.Com");
        a.hints = explainer -> explainer.candidateUrl(a.url);
      }),
      proven(
          "default port kept",
          Cause.URL_DEFAULT_PORT,
          a -> a.url = url(a, "https", ":443", a.sample.path())),
      proven(
          "colon without a port",
          Cause.URL_EMPTY_PORT,
          a -> a.url = url(a, "https", ":", a.sample.path())),
      proven("host as it was given", Cause.URL_CASE, a -> {
        a.publicUrl = a.publicUrl.replace(".example.com", ".Example.com");
        a.url = a.url.replace(".example.com", ".Example.com");
      }),
      proven("fragment kept", Cause.URL_FRAGMENT, a -> {
        a.url += "#top";
        a.hints = explainer -> explainer.candidateUrl(a.sample.publicUrl() + "#top");
      }),
      // the query
      proven("query lost", Cause.QUERY_OMITTED, a -> a.query = ""),
      proven("query pinned without need", Cause.QUERY_AS_RECEIVED, a -> {
        a.publicUrl = a.sample.url();
      }),
      proven("query of another environment", Cause.QUERY_AS_RECEIVED, a -> {
        a.query = "env=[other]";
        a.target = Optional.of(a.sample.path() + "?env=other");
      }),
      proven("query raw", Cause.QUERY_RAW, a -> a.query = a.sample.rawQuery()),
      proven("query raw with its mark", Cause.QUERY_RAW, a -> a.query = "?" + a.sample.rawQuery()),
      proven(
          "values unsorted",
          Cause.QUERY_UNSORTED,
          a -> a.query = a.query.replace("[a b c]", "[b c a]")),
      proven(
          "no brackets",
          Cause.QUERY_WITHOUT_BRACKETS,
          a -> a.query = "env=" + a.sample.value() + "&tag=a&tag=b c&twice=%2B"),
      proven(
          "brackets for several",
          Cause.QUERY_WITHOUT_BRACKETS,
          a -> a.query = "env=" + a.sample.value() + "&tag=[a b c]&twice=%2B"),
      proven(
          "commas between values",
          Cause.QUERY_SEPARATORS,
          a -> a.query = a.query.replace("[a b c]", "[a, b c]")),
      proven(
          "each value on its own",
          Cause.QUERY_SEPARATORS,
          a -> a.query = a.query.replace("[a b c]", "[a]&tag=[b c]")),
      proven(
          "query not decoded",
          Cause.QUERY_NOT_DECODED,
          a -> a.query = a.query.replace("b c", "b+c").replace("%2B", "%252B")),
      proven("plus kept", Cause.QUERY_PLUS_KEPT, a -> a.query = a.query.replace("b c", "b+c")),
      proven(
          "query decoded twice",
          Cause.QUERY_DECODED_TWICE,
          a -> a.query = a.query.replace("%2B", "+")),
      proven(
          "query as Go prints it",
          Cause.QUERY_GO_MAP,
          a -> a.query = "map[env:[" + a.sample.value() + "] tag:[a b c] twice:[%2B]]"),
      proven("query with a semicolon, left out", Cause.QUERY_SEMICOLON, a -> {
        a.publicUrl += "&x=1;y=2";
        a.target = Optional.of(a.sample.target() + "&x=1;y=2");
      }),
      proven("query with a semicolon, split", Cause.QUERY_SEMICOLON, a -> {
        a.publicUrl += "&x=1;y=2";
        a.target = Optional.of(a.sample.target() + "&x=1;y=2");
        a.query += "&x=[1]&y=[2]";
      }),
      proven("query copied from HTML here", Cause.QUERY_HTML_ESCAPED, a -> {
        a.publicUrl = a.publicUrl.replace("&", "&amp;");
        a.target = Optional.of(a.sample.target().replace("&", "&amp;"));
      }),
      // the method and the layout
      proven("another method", Cause.METHOD_OTHER, a -> a.method = "PUT"),
      proven("method in lower case", Cause.METHOD_LOWER_CASE, a -> a.method = "post"),
      proven("no method", Cause.METHOD_OMITTED, a -> a.method = ""),
      proven("canonical body alone", Cause.BODY_ONLY, Mistake::bodyOnly),
      proven("raw body alone", Cause.BODY_ONLY, a -> {
        bodyOnly(a);
        a.body = a.sentBody;
      }),
      proven("path for URL", Cause.URL_PATH_ONLY, a -> a.url = a.sample.path()),
      proven("target for URL", Cause.URL_PATH_ONLY, a -> {
        a.url = a.sample.target();
        a.query = "";
      }),
      proven("line ends between", Cause.PARTS_SEPARATED, a -> a.separator = "\n"),
      // the body as it was signed
      proven("a dialect not accepted", Cause.BODY_DIALECT, a -> {
        a.expected = verifier -> verifier.dialects(Dialect.KLINK);
        a.body = utf8(a.sample.printed(BY_CODE_POINT, BY_CODE_POINT, "", true));
      }),
      proven("raw body", Cause.BODY_RAW, a -> a.body = a.sentBody),
      proven(
          "raw body trimmed",
          Cause.BODY_RAW_TRIMMED,
          a -> a.body = utf8(a.sample.rawBody().strip())),
      proven(
          "sorted with spaces",
          Cause.BODY_SPACED,
          a -> a.body = utf8(a.sample.printed(BY_CODE_POINT, BY_CODE_POINT, " ", true))),
      proven(
          "not sorted",
          Cause.BODY_UNSORTED,
          a -> a.body = utf8(a.sample.printed(AS_GIVEN, AS_GIVEN, "", false))),
      proven(
          "as Python prints by default",
          Cause.BODY_UNSORTED,
          a -> a.body = utf8(a.sample.printed(AS_GIVEN, AS_GIVEN, " ", true))),
      proven(
          "top level sorted",
          Cause.BODY_TOP_LEVEL_SORTED,
          a -> a.body = utf8(a.sample.printed(BY_CODE_POINT, AS_GIVEN, "", false))),
      proven(
          "sorted by UTF-16",
          Cause.BODY_UTF16_ORDER,
          a -> a.body = utf8(a.sample.printed(BY_CODE_UNIT, BY_CODE_UNIT, "", false))),
      proven("names as JavaScript orders them", Cause.BODY_NUMERIC_NAMES, a -> {
        a.sentBody = utf8("{\"a\":1,\"10\":2,\"9\":{\"b\":1,\"2\":0},\"-1\":3}");
        a.body = utf8("{\"9\":{\"2\":0,\"b\":1},\"10\":2,\"-1\":3,\"a\":1}");
      }),
      proven("JSON.stringify with a list of names", Cause.BODY_NAME_LIST, a -> {
        a.sentBody = utf8("{\"b\":[{\"c\":1,\"a\":2}],\"a\":{\"x\":1}}");
        a.body = utf8("{\"a\":{},\"b\":[{\"a\":2}]}");
      }),
      proven("escapes of Gson", Cause.BODY_ESCAPES, a -> {
        a.sentBody = utf8("{\"a\":\"<b c='d'>&\\\"\\u2028\u1780\",\"e\":1e+16}");
        a.body = utf8("{\"a\":\"\\u003cb c\\u003d\\u0027d\\u0027\\u003e\\u0026\\\"\\u2028\u1780\","
            + "\"e\":1e+16}");
      }),
      proven("escapes of C#", Cause.BODY_ESCAPES, a -> {
        a.sentBody = utf8("{\"a\":\"<+>\\\"\u1780\",\"e\":1e+16,\"f\":\"\\u001f\\n\"}");
        a.body = utf8("{\"a\":\"\\u003C\\u002B\\u003E\\u0022\\u1780\",\"e\":1e+16,"
            + "\"f\":\"\\u001F\\n\"}");
      }),
      escapes("Json.NET", "\u0085\u2028<\u00e9\u007f", "\\u0085\\u2028<\u00e9\u007f"),
      escapes("PHP", "/\u00e9\u007f", "\\/\\u00e9\u007f"),
      escapes("PHP that keeps Unicode", "/<\u00e9\u2029", "\\/<\u00e9\\u2029"),
      escapes(
          "PHP's JSON_HEX flags", "<b>&'\\\"\u00e9", "\\u003Cb\\u003E\\u0026\\u0027\\u0022\u00e9"),
      escapes(
          "Jackson's ESCAPE_NON_ASCII",
          "\u00e9\u007f/\ud83d\ude00",
          "\\u00E9\u007f/\\uD83D\\uDE00"),
      escapes("Go before 1.22", "<\\b\\f\\n\u2028", "\\u003c\\u0008\\u000c\\n\\u2028"),
      escapes("org.json", "</b>/\u0085\u00e9\u2019", "<\\/b>/\\u0085\u00e9\\u2019"),
      escapes("json-simple", "/\u007f\u00e9\u20ac", "\\/\\u007F\u00e9\\u20AC"),
      proven(
          "slashes escaped",
          Cause.BODY_SLASHES_ESCAPED,
          a -> a.body = utf8(a.sample.canonicalBody().replace("/", "\\/"))),
      proven(
          "line end signed",
          Cause.BODY_LINE_END,
          a -> a.body = utf8(a.sample.canonicalBody() + "\n")),
      proven("body not signed", Cause.BODY_OMITTED, a -> a.body = new byte[0]),
      // the secret
      proven("older secret", Cause.SECRET_OLDER, a -> {
        a.key = utf8("an older secret");
        a.hints = explainer -> explainer
            .olderSecret(SigningSecret.of("one never used"))
            .olderSecret(SigningSecret.of("an older secret"));
      }),
      proven("secret trimmed by the signer", Cause.SECRET_WHITE_SPACE, a -> a.secret += " "),
      proven(
          "secret read with its line end",
          Cause.SECRET_WHITE_SPACE,
          a -> a.key = utf8(a.secret + "\r\n")),
      proven("secret in quotes here", Cause.SECRET_QUOTES, a -> a.secret = "'" + a.secret + "'"),
      proven(
          "secret in quotes there", Cause.SECRET_QUOTES, a -> a.key = utf8("\"" + a.secret + "\"")),
      proven("prefix stripped", Cause.SECRET_PREFIX, a -> a.key = utf8(a.secret.substring(6))),
      proven("prefix missing here", Cause.SECRET_PREFIX, a -> a.secret = a.secret.substring(6)),
      proven("secret decoded from Base64", Cause.SECRET_BASE64, a -> a.key = a.sample.secretBits()),
      proven("secret decoded from hex", Cause.SECRET_HEX, a -> {
        a.secret = a.sample.hexSecret();
        a.key = a.sample.secretBits();
      }),
      proven("no secret", Cause.SECRET_UNSET, a -> a.key = new byte[1]),
      proven("secret undefined", Cause.SECRET_UNSET, a -> a.key = utf8("undefined")),
      // the algorithm
      proven(
          "HMAC-SHA512",
          Cause.ALGORITHM_OTHER,
          a -> a.signer = message -> hmac("HmacSHA512", a.key, message)),
      proven(
          "HMAC-SHA1",
          Cause.ALGORITHM_OTHER,
          a -> a.signer = message -> hmac("HmacSHA1", a.key, message)),
      proven(
          "HMAC-SHA3",
          Cause.ALGORITHM_OTHER,
          a -> a.signer = message -> hmac("HmacSHA3-256", a.key, message)),
      proven(
          "plain hash with secret",
          Cause.ALGORITHM_PLAIN_HASH,
          a -> a.signer = message -> sha256(a.key, message)),
      proven("plain hash", Cause.ALGORITHM_PLAIN_HASH, a -> a.signer = message -> sha256(message)),
      proven(
          "key and message swapped",
          Cause.ALGORITHM_SWAPPED,
          a -> a.signer = message -> hmac("HmacSHA256", message, a.key)));

  /** A library that escapes more than the canonical form: what a string holds, and its print. */
  private static Mistake escapes(String library, String sent, String printed) {
    return proven("escapes of " + library, Cause.BODY_ESCAPES, a -> {
      a.sentBody = utf8("{\"b\":1,\"a\":\"" + sent + "\"}");
      a.body = utf8("{\"a\":\"" + printed + "\",\"b\":1}");
    });
  }

  private static Mistake proven(String name, Cause cause, Consumer<Attempt> make) {
    return new Mistake(name, cause, true, make);
  }

  private static Mistake visible(String name, Cause cause, Consumer<Attempt> make) {
    return new Mistake(name, cause, false, make);
  }

  private static String url(Attempt a, String scheme, String port, String path) {
    return scheme + "://" + a.sample.host() + port + path;
  }

  private static void bodyOnly(Attempt a) {
    a.method = "";
    a.url = "";
    a.query = "";
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  Attempt on(Sample sample) {
    Attempt attempt = new Attempt(sample);
    make.accept(attempt);
    return attempt;
  }

  @Override
  public String toString() {
    return name;
  }
}
