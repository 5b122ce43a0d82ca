package cloud.klink.webhooks.verifier.explain;

import cloud.klink.webhooks.signature.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Another secret, or the verifier's after a slip in its configuration or in the signer's. */
final class SecretFamily implements Family {
  private static final String PREFIX = "whsec_";

  @Override
  public Stream<Candidate> candidates(RefusalContext context) {
    List<String> secrets = context.secrets();
    return Stream.of(
            older(context),
            secrets.stream()
                .flatMap(secret -> texts(
                    context,
                    Cause.SECRET_WHITE_SPACE,
                    secret.strip(),
                    secret.stripTrailing(),
                    secret + "\n",
                    secret + "\r\n",
                    secret + " ",
                    " " + secret)),
            secrets.stream()
                .flatMap(secret -> texts(
                    context,
                    Cause.SECRET_QUOTES,
                    unquoted(secret),
                    "\"" + secret + "\"",
                    "'" + secret + "'")),
            secrets.stream()
                .flatMap(secret -> texts(
                    context,
                    Cause.SECRET_PREFIX,
                    secret.startsWith(PREFIX)
                        ? secret.substring(PREFIX.length())
                        : PREFIX + secret)),
            secrets.stream().flatMap(secret -> decoded(context, secret)),
            texts(context, Cause.SECRET_UNSET, "", "undefined", "null", "None", "nil"))
        .flatMap(candidates -> candidates);
  }

  private static Stream<Candidate> older(RefusalContext context) {
    List<SigningSecret> older = context.hints().secrets();
    return IntStream.range(0, older.size())
        .boxed()
        .flatMap(i -> context.key(
            Cause.SECRET_OLDER,
            RefusalContext.utf8(older.get(i).reveal()),
            "It is number " + (i + 1) + " of those that the explainer was given."));
  }

  private static Stream<Candidate> texts(RefusalContext context, Cause cause, String... secrets) {
    return Stream.of(secrets)
        .filter(secret -> !context.secrets().contains(secret))
        .distinct()
        .flatMap(secret -> context.key(cause, RefusalContext.utf8(secret), ""));
  }

  private static String unquoted(String secret) {
    boolean quoted = secret.length() > 2
        && "\"'".indexOf(secret.charAt(0)) >= 0
        && secret.charAt(0) == secret.charAt(secret.length() - 1);
    return quoted ? secret.substring(1, secret.length() - 1) : secret;
  }

  private static Stream<Candidate> decoded(RefusalContext context, String secret) {
    String bare = secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret;
    byte[] text = bare.getBytes(StandardCharsets.UTF_8);
    List<Candidate> all = new ArrayList<>();
    for (Base64.Decoder decoder : List.of(Base64.getDecoder(), Base64.getUrlDecoder())) {
      try {
        context.key(Cause.SECRET_BASE64, decoder.decode(text), "").forEach(all::add);
      } catch (IllegalArgumentException e) {
        // Not of this alphabet, so nobody decoded it like that.
      }
    }
    try {
      context.key(Cause.SECRET_HEX, HexFormat.of().parseHex(bare), "").forEach(all::add);
    } catch (IllegalArgumentException e) {
      // Not hex, so nobody decoded it like that.
    }
    return all.stream();
  }
}
