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
  KLINK("klink", 0),

  /** The same with {@code ensure_ascii=True}: everything beyond ASCII is escaped. */
  PYTHON_ASCII("python-ascii", Features.NON_ASCII | Features.DELETE),

  /**
   * What Go's {@code json.Marshal} prints of what {@code json.Unmarshal} read into an {@code any}.
   */
  GO("go", Features.HTML | Features.LINE_SEPARATOR | Features.GO_NUMBER);

  private final String id;

  /** The features of a body that make this dialect print it otherwise than {@link #KLINK}. */
  final int features;

  Dialect(String id, int features) {
    this.id = id;
    this.features = features;
  }

  /**
   * The name that test vectors, command lines and configuration files use.
   *
   * @return {@code klink}, {@code python-ascii} or {@code go}
   */
  public String id() {
    return id;
  }

  /**
   * The dialect of that {@link #id()}.
   *
   * @param id {@code klink}, {@code python-ascii} or {@code go}
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
        "dialect: \"" + id + "\" is none; use klink, python-ascii or go");
  }
}
