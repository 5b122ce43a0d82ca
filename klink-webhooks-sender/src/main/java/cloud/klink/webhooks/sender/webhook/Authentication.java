package cloud.klink.webhooks.sender.webhook;

import java.util.Objects;
import java.util.Optional;

/**
 * How the sender authenticates to an endpoint, beside the signature: without the secret value
 * itself, so that it can be shown.
 *
 * @param kind none, basic, or a header of the customer's choice
 * @param header the name of the header that carries the value: {@code Authorization} for basic,
 *     empty for none
 */
public record Authentication(Kind kind, String header) {
  private static final Authentication NONE = new Authentication(Kind.NONE, "");
  private static final Authentication BASIC = new Authentication(Kind.BASIC, "Authorization");

  /** The three that the product knows. */
  public enum Kind {
    /** No header. */
    NONE("none"),

    /** {@code Authorization: <token>}, the token as it was given. */
    BASIC("basic"),

    /** A header of the customer's choice. */
    HEADER("header");

    private final String id;

    Kind(String id) {
      this.id = id;
    }

    /**
     * The name that storage and configuration use.
     *
     * @return {@code none}, {@code basic} or {@code header}
     */
    public String id() {
      return id;
    }

    /**
     * The kind of that {@link #id()}.
     *
     * @param id {@code none}, {@code basic} or {@code header}
     * @return the kind
     * @throws IllegalArgumentException for any other text
     */
    public static Kind ofId(String id) {
      for (Kind kind : values()) {
        if (kind.id.equals(id)) {
          return kind;
        }
      }
      throw new IllegalArgumentException(
          "authentication: \"" + id + "\" is not a kind; use none, basic or header");
    }
  }

  /**
   * Checks that kind and header agree.
   *
   * @param kind the kind
   * @param header the header's name, empty for none
   * @throws IllegalArgumentException if a kind has no header and one is named, or the other way
   *     round
   */
  public Authentication {
    Objects.requireNonNull(kind, "kind");
    if (header.isEmpty() != (kind == Kind.NONE)) {
      throw new IllegalArgumentException("authentication: every kind but none has a header");
    }
  }

  /**
   * No authentication beside the signature.
   *
   * @return always the same
   */
  public static Authentication none() {
    return NONE;
  }

  /**
   * Basic, in the product's sense: {@code Authorization} with a token as it was given.
   *
   * @return always the same
   */
  public static Authentication basic() {
    return BASIC;
  }

  /**
   * A header of the customer's choice.
   *
   * @param name its name
   * @return the authentication
   */
  public static Authentication header(String name) {
    return new Authentication(Kind.HEADER, name);
  }

  /**
   * The header that carries the value.
   *
   * @return its name, or empty for none
   */
  public Optional<String> headerName() {
    return kind == Kind.NONE ? Optional.empty() : Optional.of(header);
  }
}
