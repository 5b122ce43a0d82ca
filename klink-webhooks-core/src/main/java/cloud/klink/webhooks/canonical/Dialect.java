package cloud.klink.webhooks.canonical;

/**
 * How the strings and numbers of a canonical body are printed. The order of members and the absence
 * of white space are the same in all of them.
 *
 * <p>The rules are in this project's CANONICAL.md, section "Dialects".
 */
public enum Dialect {
  /**
   * What K-LINK documents and what this library signs with: Python's {@code json.dumps} with sorted
   * keys, compact separators and {@code ensure_ascii=False}.
   */
  KLINK("klink", 0, NumberStyle.PYTHON),

  /** The same with {@code ensure_ascii=True}: everything beyond ASCII is escaped. */
  PYTHON_ASCII(
      "python-ascii",
      Features.NON_ASCII | Features.LINE_SEPARATOR | Features.DELETE,
      NumberStyle.PYTHON),

  /**
   * What Go's {@code json.Marshal} prints of what {@code json.Unmarshal} read into an {@code any}.
   */
  GO("go", Features.HTML | Features.LINE_SEPARATOR, NumberStyle.GO),

  /**
   * What Go's {@code json.Marshal} prints of what a {@code json.Decoder} with {@code UseNumber}
   * read: strings as {@link #GO}, every number as it was written.
   */
  GO_NUMBER("go-number", Features.HTML | Features.LINE_SEPARATOR, NumberStyle.WRITTEN);

  private final String id;

  /** The features of characters that are printed as {@code \\u} escapes. */
  final int escaped;

  final NumberStyle numbers;

  Dialect(String id, int escaped, NumberStyle numbers) {
    this.id = id;
    this.escaped = escaped;
    this.numbers = numbers;
  }

  /** Whether a body with these features, which must be complete, has one form in both. */
  boolean isSameAs(Dialect other, int features) {
    return (features & ((escaped ^ other.escaped) | numbers.differences(other.numbers))) == 0;
  }

  /** Whether a body with these features has a form in this dialect. */
  boolean hasForm(int features) {
    return numbers != NumberStyle.GO || (features & Features.NO_GO_FORM) == 0;
  }

  /**
   * The name that test vectors, command lines and configuration files use.
   *
   * @return {@code klink}, {@code python-ascii}, {@code go} or {@code go-number}
   */
  public String id() {
    return id;
  }

  /**
   * The dialect of that {@link #id()}.
   *
   * @param id {@code klink}, {@code python-ascii}, {@code go} or {@code go-number}
   * @return the dialect
   * @throws IllegalArgumentException for any other text
   */
  public static Dialect ofId(String id) {
    for (Dialect dialect : values()) {
      if (dialect.id.equals(id)) {
        return dialect;
      }
    }
    throw new IllegalArgumentException(
        "dialect: \"" + id + "\" is not a dialect; use klink, python-ascii, go or go-number");
  }
}
