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
  public Stream<Candidate> candidates(RefusalContext situation) {
    List<String> secrets = situation.secrets();
    return Stream.of(
            older(situation),
            secrets.stream()
                .flatMap(secret -> texts(
                    situation,
                    Cause.SECRET_WHITE_SPACE,
                    secret.strip(),
                    secret.stripTrailing(),
                    secret + "\n",
                    secret + "\r\n",
                    secret + " ",
                    " " + secret)),
            secrets.stream()
                .flatMap(secret -> texts(
                    situation,
                    Cause.SECRET_QUOTES,
                    unquoted(secret),
                    "\"" + secret + "\"",
                    "'" + secret + "'")),
            secrets.stream()
                .flatMap(secret -> texts(
                    situation,
                    Cause.SECRET_PREFIX,
                    secret.startsWith(PREFIX)
                        ? secret.substring(PREFIX.length())
                        : PREFIX + secret)),
            secrets.stream().flatMap(secret -> decoded(situation, secret)),
            texts(situation, Cause.SECRET_UNSET, "", "undefined", "null", "None", "nil"))
        .flatMap(candidates -> candidates);
  }

  private static Stream<Candidate> older(RefusalContext situation) {
    List<SigningSecret> older = situation.hints().secrets();
    return IntStream.range(0, older.size())
        .boxed()
        .flatMap(i -> situation.key(
            Cause.SECRET_OLDER,
            RefusalContext.utf8(older.get(i).reveal()),
            "It is number " + (i + 1) + " of those that the explainer was given."));
  }

  private static Stream<Candidate> texts(RefusalContext situation, Cause cause, String... secrets) {
    return Stream.of(secrets)
        .filter(secret -> !situation.secrets().contains(secret))
        .distinct()
        .flatMap(secret -> situation.key(cause, RefusalContext.utf8(secret), ""));
  }

  private static String unquoted(String secret) {
    boolean quoted = secret.length() > 2
        && "\"'".indexOf(secret.charAt(0)) >= 0
        && secret.charAt(0) == secret.charAt(secret.length() - 1);
    return quoted ? secret.substring(1, secret.length() - 1) : secret;
  }

  private static Stream<Candidate> decoded(RefusalContext situation, String secret) {
    String bare = secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret;
    byte[] text = bare.getBytes(StandardCharsets.UTF_8);
    List<Candidate> all = new ArrayList<>();
    for (Base64.Decoder decoder : List.of(Base64.getDecoder(), Base64.getUrlDecoder())) {
      try {
        situation.key(Cause.SECRET_BASE64, decoder.decode(text), "").forEach(all::add);
      } catch (IllegalArgumentException e) {
        // Not of this alphabet, so nobody decoded it like that.
      }
    }
    try {
      situation.key(Cause.SECRET_HEX, HexFormat.of().parseHex(bare), "").forEach(all::add);
    } catch (IllegalArgumentException e) {
      // Not hex, so nobody decoded it like that.
    }
    return all.stream();
  }
}
