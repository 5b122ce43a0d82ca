package cloud.klink.webhooks.verifier.explain;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.Dialect;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** What something on the way made of the body: the body is undone, not the signer's work. */
final class ReceivedBodyFamily implements Family {
  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*\"?([A-Za-z0-9._:+-]{1,40})", Pattern.CASE_INSENSITIVE);

  @Override
  public Stream<Candidate> candidates(RefusalContext context) {
    byte[] body = context.body();
    return Stream.of(
            undone(context, Cause.BODY_BOM, withoutMark(body)),
            undone(context, Cause.BODY_JSON_STRING, unquoted(body)),
            undone(context, Cause.BODY_BASE64, decoded(body)),
            undone(context, Cause.BODY_ENCODED_TWICE, encodedOnce(body)),
            charsets(context),
            undone(context, Cause.BODY_COMPRESSED, decompressed(context)))
        .flatMap(candidates -> candidates);
  }

  /** In the character set that Content-Type names: read as that, or printed again in that. */
  private static Stream<Candidate> charsets(RefusalContext context) {
    return context.request().headers("Content-Type").stream()
        .map(CHARSET::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .filter(ReceivedBodyFamily::isOther)
        .limit(1)
        .map(Charset::forName)
        .flatMap(charset -> Stream.of(
            recoded(context.body(), charset, StandardCharsets.UTF_8),
            recoded(context.body(), StandardCharsets.UTF_8, charset)))
        .flatMap(before -> undone(context, Cause.BODY_CHARSET, before));
  }

  private static boolean isOther(String name) {
    try {
      Charset charset = Charset.forName(name);
      return charset.canEncode() && !charset.equals(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Optional<byte[]> recoded(byte[] body, Charset from, Charset to) {
    try {
      ByteBuffer bytes = to.newEncoder().encode(from.newDecoder().decode(ByteBuffer.wrap(body)));
      byte[] recoded = new byte[bytes.remaining()];
      bytes.get(recoded);
      return Optional.of(recoded);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** What gzip or zlib made smaller, if it is no longer than a body may be. */
  private static Optional<byte[]> decompressed(RefusalContext context) {
    byte[] body = context.body();
    if (body.length < 2 || !(body[0] == 0x1f || (body[0] & 0x0f) == 8)) {
      return Optional.empty();
    }
    ByteArrayInputStream in = new ByteArrayInputStream(body);
    try (InputStream out =
        body[0] == 0x1f ? new GZIPInputStream(in) : new InflaterInputStream(in)) {
      byte[] whole = out.readNBytes(context.maxBodyBytes() + 1);
      return whole.length > context.maxBodyBytes() ? Optional.empty() : Optional.of(whole);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Stream<Candidate> undone(
      RefusalContext context, Cause cause, Optional<byte[]> before) {
    try {
      return before.stream()
          .flatMap(body -> RefusalContext.forms(body, context.dialects()).stream())
          .toList()
          .stream()
          .flatMap(form -> context.body(cause, form.toBytes(), ""));
    } catch (MalformedException e) {
      return Stream.empty();
    }
  }

  private static Optional<byte[]> withoutMark(byte[] body) {
    boolean marked = body.length > 3
        && body[0] == (byte) 0xef
        && body[1] == (byte) 0xbb
        && body[2] == (byte) 0xbf;
    return marked ? Optional.of(Arrays.copyOfRange(body, 3, body.length)) : Optional.empty();
  }

  private static Optional<byte[]> unquoted(byte[] body) {
    byte[] trimmed = BodyFamily.trim(body);
    if (trimmed.length == 0 || trimmed[0] != '"') {
      return Optional.empty();
    }
    try {
      String token = CanonicalBody.of(trimmed, Dialect.KLINK).text();
      return Optional.of(RefusalContext.utf8(JsonString.read(token)));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Optional<byte[]> decoded(byte[] body) {
    byte[] trimmed = BodyFamily.trim(body);
    try {
      boolean quoted =
          trimmed.length > 1 && trimmed[0] == '"' && trimmed[trimmed.length - 1] == '"';
      byte[] bare = quoted ? Arrays.copyOfRange(trimmed, 1, trimmed.length - 1) : trimmed;
      return Optional.of(Base64.getDecoder().decode(bare));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Undoes UTF-8 that was taken for Latin-1, if that is what this can be. */
  private static Optional<byte[]> encodedOnce(byte[] body) {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      int highest = text.chars().max().orElse(0);
      return highest > 0x7f && highest <= 0xff
          ? Optional.of(text.getBytes(StandardCharsets.ISO_8859_1))
          : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty(); // not UTF-8 at all, so it was not written as such
    }
  }
}
