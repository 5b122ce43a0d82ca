package cloud.klink.webhooks.canonical;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.MalformedReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A body in its canonical form: the bytes that are signed.
 *
 * <p>A body of no bytes is empty. Any other must be one JSON value (RFC 8259) in strict UTF-8. In
 * canonical form it has no white space, and each object's members are sorted by the code points of
 * their names. A body that parsers could read in different ways is refused: one with two members of
 * the same name in an object, a lone surrogate, or a number beyond the range of doubles. The rules
 * are in CANONICAL.md, section "BODY".
 *
 * <p>Values are immutable and safe for use by many threads. The given bytes are copied first, so a
 * concurrent change of the array cannot affect the result. The time is linear in the length of the
 * body, except for sorting an object's members. The memory is at most three times that length plus
 * 256 KiB, and the canonical form, which is up to seven times as long as the body.
 */
public final class CanonicalBody {
  /** The longest body that is accepted: 64 MiB. A verifier's own limit is far lower. */
  public static final int MAX_LENGTH = 64 << 20;

  private static final CanonicalBody EMPTY = new CanonicalBody(new byte[0], Dialect.KLINK, 0);

  private final byte[] bytes;
  private final Dialect dialect;
  private final int features;

  CanonicalBody(byte[] bytes, Dialect dialect, int features) {
    this.bytes = bytes;
    this.dialect = dialect;
    this.features = features;
  }

  /**
   * The body of a request that has none.
   *
   * @return zero bytes, the same in every dialect
   */
  public static CanonicalBody empty() {
    return EMPTY;
  }

  /**
   * The canonical form of a body in one dialect.
   *
   * @param body JSON in UTF-8, or no bytes
   * @param dialect how strings and numbers are printed
   * @return the canonical form
   * @throws MalformedException with {@link MalformedReason#MALFORMED_BODY} if the body is not one
   *     JSON value, or is one that CANONICAL.md refuses
   */
  public static CanonicalBody of(byte[] body, Dialect dialect) {
    Objects.requireNonNull(dialect, "dialect");
    return firstMatching(body, List.of(dialect), form -> true)
        .orElseThrow(() ->
            Malformed.body(0, "an integer beyond the range of doubles has no form in dialect go"));
  }

  /**
   * Prints a body in one dialect after another until a form is accepted. The body is scanned once,
   * and a form that equals an earlier one is not tried again: for most bodies there is only one.
   *
   * <p>Each form is held in memory and takes up to seven times the length of the body. For a body
   * that is not authenticated yet, {@link #search} takes far less.
   *
   * @param body JSON in UTF-8, or no bytes
   * @param dialects those to try, in their order
   * @param accepts whether this is the form that was looked for; called by this thread
   * @return the form that was accepted, or empty if none was
   * @throws MalformedException with {@link MalformedReason#MALFORMED_BODY} if the body is not one
   *     JSON value, or is one that CANONICAL.md refuses
   */
  public static Optional<CanonicalBody> firstMatching(
      byte[] body, List<Dialect> dialects, Predicate<? super CanonicalBody> accepts) {
    return search(body, dialects, form -> accepts.test(form.toBody()));
  }

  /**
   * Like {@link #firstMatching}, for a body that is not authenticated yet. No form is held in
   * memory before it is accepted, so the search takes at most three times the length of the body
   * plus 256 KiB.
   *
   * @param body JSON in UTF-8, or no bytes
   * @param dialects those to try, in their order
   * @param accepts whether this is the form that was looked for; called by this thread, which must
   *     not use the form afterwards
   * @return the form that was accepted, or empty if none was
   * @throws MalformedException with {@link MalformedReason#MALFORMED_BODY} if the body is not one
   *     JSON value, or is one that CANONICAL.md refuses
   */
  public static Optional<CanonicalBody> search(
      byte[] body, List<Dialect> dialects, Predicate<? super CanonicalForm> accepts) {
    return Optional.ofNullable(found(body, dialects, accepts));
  }

  /** Not a part of {@link #search}, so that this can be inlined and no Optional is allocated. */
  private static @Nullable CanonicalBody found(
      byte[] body, List<Dialect> dialects, Predicate<? super CanonicalForm> accepts) {
    checkLength(body.length);
    // One that throws anything but its own refusal is not given back: it may be broken.
    Canonicalizer canonicalizer = Canonicalizer.take();
    @Nullable CanonicalBody found;
    try {
      canonicalizer.scan(body);
      found = find(canonicalizer, dialects, accepts);
    } catch (MalformedException e) {
      canonicalizer.give();
      throw e;
    }
    canonicalizer.give();
    return found;
  }

  /**
   * Like {@link #search(byte[], List, Predicate)}, for a body in a buffer, which is not copied out
   * of it.
   *
   * @param body JSON in UTF-8, or no bytes: what remains in the buffer, whose position stays
   * @param dialects those to try, in their order
   * @param accepts whether this is the form that was looked for; called by this thread, which must
   *     not use the form afterwards
   * @return the form that was accepted, or empty if none was
   * @throws MalformedException with {@link MalformedReason#MALFORMED_BODY} if the body is not one
   *     JSON value, or is one that CANONICAL.md refuses
   */
  public static Optional<CanonicalBody> search(
      ByteBuffer body, List<Dialect> dialects, Predicate<? super CanonicalForm> accepts) {
    checkLength(body.remaining());
    Canonicalizer canonicalizer = Canonicalizer.take();
    @Nullable CanonicalBody found;
    try {
      canonicalizer.scan(body);
      found = find(canonicalizer, dialects, accepts);
    } catch (MalformedException e) {
      canonicalizer.give();
      throw e;
    }
    canonicalizer.give();
    return Optional.ofNullable(found);
  }

  private static void checkLength(int length) {
    if (length > MAX_LENGTH) {
      throw Malformed.body(MAX_LENGTH, "a body must have at most " + MAX_LENGTH + " bytes");
    }
  }

  private static @Nullable CanonicalBody find(
      Canonicalizer canonicalizer,
      List<Dialect> dialects,
      Predicate<? super CanonicalForm> accepts) {
    for (int i = 0; i < dialects.size(); i++) {
      Dialect dialect = dialects.get(i);
      if (i > 0 || dialect != Dialect.KLINK) {
        canonicalizer.findUnescaped();
      }
      int features = canonicalizer.features();
      if (dialect.hasForm(features) && isNew(dialect, dialects, i, features)) {
        CanonicalForm form = new CanonicalForm(canonicalizer, dialect);
        boolean isAccepted = accepts.test(form);
        if (isAccepted) {
          CanonicalBody body = form.toBody();
          form.end();
          return body;
        }
        form.end();
      }
    }
    return null;
  }

  /** Whether none of the first dialects, which have been tried, has the same form. */
  private static boolean isNew(Dialect dialect, List<Dialect> dialects, int tried, int features) {
    for (int i = 0; i < tried; i++) {
      Dialect other = dialects.get(i);
      if (other.hasForm(features) && other.isSameAs(dialect, features)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The dialect in which this form was printed.
   *
   * @return the dialect
   */
  public Dialect dialect() {
    return dialect;
  }

  /**
   * The dialects in which this body has the same canonical form.
   *
   * @return an unmodifiable set that holds at least {@link #dialect()}
   */
  public Set<Dialect> dialects() {
    int all = features | Features.unescaped(bytes, bytes.length);
    Set<Dialect> same = EnumSet.of(dialect);
    for (Dialect other : Dialect.values()) {
      if (other.hasForm(all) && dialect.isSameAs(other, all)) {
        same.add(other);
      }
    }
    return Collections.unmodifiableSet(same);
  }

  /**
   * Whether the given body has a number that could be replaced by one of another value without
   * changing this form: one with a point or an exponent that differs from how its double is
   * printed, and in the dialect go also a whole number from 2^53 up. Do not use such a number as an
   * identifier.
   *
   * @return false if every number is what was sent
   */
  public boolean hasAmbiguousNumbers() {
    return (features & dialect.numbers.inexact) != 0;
  }

  /**
   * How many bytes the canonical form has.
   *
   * @return zero for the empty body
   */
  public int length() {
    return bytes.length;
  }

  /**
   * A copy of the canonical bytes.
   *
   * @return UTF-8, a new array for each call
   */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** The canonical bytes themselves, for this package. */
  byte[] bytes() {
    return bytes;
  }

  /**
   * The canonical form as text.
   *
   * @return the text; the body may be confidential, so think before you log it
   */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Two are equal if their bytes are, whatever the dialects. */
  @Override
  public boolean equals(Object other) {
    return other instanceof CanonicalBody body && Arrays.equals(bytes, body.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Shows the length and the dialect, not the content. */
  @Override
  public String toString() {
    return "CanonicalBody[" + bytes.length + " bytes, " + dialect.id() + "]";
  }
}
