package cloud.klink.webhooks.canonical;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A body in its canonical form: the bytes that are signed.
 *
 * <p>No bytes are the empty body. Any other must be one JSON value as RFC 8259 has it, in strict
 * UTF-8; in canonical form it has no white space, and each object's members are sorted by the code
 * points of their names. Refused is what could be read in two ways: two members of one name, a lone
 * surrogate, a number that no double can hold. The rules are in CANONICAL.md, section "BODY".
 *
 * <p>Values are immutable and safe for use by many threads. The bytes given are copied before they
 * are read, so a caller that changes its array meanwhile gets the canonical form of what was read,
 * never of a mixture. Time is linear in the length of the body, but for sorting an object's
 * members, and memory is a small multiple of it, whatever the body holds.
 */
public final class CanonicalBody {
  /** The longest body that is accepted: 64 MiB. A verifier's own limit is far lower. */
  public static final int MAX_LENGTH = 64 << 20;

  private static final CanonicalBody EMPTY = new CanonicalBody(new byte[0], Dialect.KLINK, 0);

  private final byte[] bytes;
  private final Dialect dialect;
  private final int features;

  private CanonicalBody(byte[] bytes, Dialect dialect, int features) {
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
   * @throws MalformedRequestException with {@link MalformedReason#MALFORMED_BODY} if the body is
   *     not one JSON value, or is one that CANONICAL.md refuses
   */
  public static CanonicalBody of(byte[] body, Dialect dialect) {
    Objects.requireNonNull(dialect, "dialect");
    return firstMatching(body, List.of(dialect), form -> true)
        .orElseThrow(() -> MalformedRequestException.body(
            0, "an integer beyond the range of doubles has no form in dialect go"));
  }

  /**
   * Prints a body in one dialect after another until a form is accepted. The body is scanned once,
   * and a form that equals an earlier one is not tried again: for most bodies there is only one.
   *
   * @param body JSON in UTF-8, or no bytes
   * @param dialects those to try, in their order
   * @param accepts whether this is the form that was looked for; called by this thread
   * @return the form that was accepted, or empty if none was
   * @throws MalformedRequestException with {@link MalformedReason#MALFORMED_BODY} if the body is
   *     not one JSON value, or is one that CANONICAL.md refuses
   */
  public static Optional<CanonicalBody> firstMatching(
      byte[] body, List<Dialect> dialects, Predicate<? super CanonicalBody> accepts) {
    if (body.length == 0) {
      return !dialects.isEmpty() && accepts.test(EMPTY) ? Optional.of(EMPTY) : Optional.empty();
    }
    if (body.length > MAX_LENGTH) {
      throw MalformedRequestException.body(
          MAX_LENGTH, "a body must have at most " + MAX_LENGTH + " bytes");
    }
    Canonicalizer canonicalizer = Canonicalizer.take();
    try {
      canonicalizer.scan(body);
      List<CanonicalBody> refused = List.of();
      for (int i = 0; i < dialects.size(); i++) {
        Dialect dialect = dialects.get(i);
        if (dialect != Dialect.KLINK) {
          canonicalizer.findUnescaped();
        }
        int features = canonicalizer.features();
        if (hasForm(dialect, features) && isNew(dialect, features, refused)) {
          CanonicalBody form = new CanonicalBody(canonicalizer.print(dialect), dialect, features);
          // Two dialects may agree by chance, for a number.
          if (!refused.contains(form)) {
            if (accepts.test(form)) {
              return Optional.of(form);
            }
            refused = append(refused, form);
          }
        }
      }
      return Optional.empty();
    } finally {
      canonicalizer.give();
    }
  }

  private static boolean isNew(Dialect dialect, int features, List<CanonicalBody> refused) {
    for (CanonicalBody form : refused) {
      if (areSame(form.dialect, dialect, features)) {
        return false;
      }
    }
    return true;
  }

  private static List<CanonicalBody> append(List<CanonicalBody> forms, CanonicalBody form) {
    List<CanonicalBody> more = new ArrayList<>(forms);
    more.add(form);
    return more;
  }

  private static boolean areSame(Dialect one, Dialect other, int features) {
    return one == other || (features & (one.features | other.features)) == 0;
  }

  private static boolean hasForm(Dialect dialect, int features) {
    return dialect != Dialect.GO || (features & Features.NO_GO_FORM) == 0;
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
   * The dialects in which this body's canonical form is surely the same: those for which it has
   * nothing that they print otherwise. Another dialect may still agree by chance, for a number.
   *
   * @return an unmodifiable set that holds at least {@link #dialect()}
   */
  public Set<Dialect> dialects() {
    int all = features | Features.unescaped(bytes, bytes.length);
    Set<Dialect> same = EnumSet.of(dialect);
    for (Dialect other : Dialect.values()) {
      if (areSame(dialect, other, all)) {
        same.add(other);
      }
    }
    return Collections.unmodifiableSet(same);
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

  /** Tells the length and the dialect, not the content. */
  @Override
  public String toString() {
    return "CanonicalBody[" + bytes.length + " bytes, " + dialect.id() + "]";
  }
}
