package cloud.klink.webhooks.canonical;

import cloud.klink.webhooks.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A query: its decoded parameters, and the text that Go prints of them as {@code url.Values}, keys
 * sorted, each with its sorted values. Two queries are equal if they have the same parameters; two
 * that are not can have the same text, since a value can hold what separates the others.
 */
final class CanonicalQuery {
  private final String raw;
  private final List<Parameter> given;
  private final List<Parameter> sorted;
  private final String text;

  private CanonicalQuery(String raw, List<Parameter> given) {
    this.raw = raw;
    this.given = given;
    this.sorted = given.stream().sorted(Parameter.ORDER).toList();
    this.text = print(sorted);
  }

  /** A parameter in UTF-8, so that it sorts by code point, as a String would not. */
  private static final class Parameter {
    static final Comparator<Parameter> ORDER = Comparator.<Parameter, byte[]>comparing(
            parameter -> parameter.key, Arrays::compareUnsigned)
        .thenComparing(parameter -> parameter.value, Arrays::compareUnsigned);

    final byte[] key;
    final byte[] value;

    Parameter(byte[] key, byte[] value) {
      this.key = key;
      this.value = value;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Parameter parameter && ORDER.compare(this, parameter) == 0;
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(key) + Arrays.hashCode(value);
    }
  }

  /**
   * Reads what stands behind the question mark of a URL.
   *
   * @throws MalformedException if an escape is broken or not UTF-8, or a character is not ASCII
   */
  static CanonicalQuery parse(String raw) {
    List<Parameter> parameters = new ArrayList<>();
    for (String part : raw.split("&", -1)) {
      if (!part.isEmpty()) {
        int equals = part.indexOf('=');
        String key = equals < 0 ? part : part.substring(0, equals);
        String value = equals < 0 ? "" : part.substring(equals + 1);
        parameters.add(new Parameter(decode(key), decode(value)));
      }
    }
    return new CanonicalQuery(raw, parameters);
  }

  private static String print(List<Parameter> parameters) {
    StringBuilder normal = new StringBuilder();
    byte[] previous = null;
    for (Parameter parameter : parameters) {
      if (previous != null && Arrays.equals(previous, parameter.key)) {
        normal.setCharAt(normal.length() - 1, ' ');
      } else {
        normal.append(previous == null ? "" : "&").append(text(parameter.key)).append("=[");
      }
      normal.append(text(parameter.value)).append(']');
      previous = parameter.key;
    }
    return normal.toString();
  }

  private static byte[] decode(String text) {
    byte[] bytes = new byte[text.length()];
    int size = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < text.length() ? Ascii.hex(text.charAt(i + 1)) : -1;
        int low = high < 0 ? -1 : Ascii.hex(text.charAt(i + 2));
        if (low < 0) {
          throw Malformed.url("two hex digits must follow each % in its query");
        }
        bytes[size++] = (byte) ((high << 4) | low);
        i += 2;
      } else if (c < 0x80) {
        bytes[size++] = (byte) (c == '+' ? ' ' : c);
      } else {
        throw Malformed.url("its query must be ASCII; percent-encode the rest");
      }
    }
    byte[] decoded = Arrays.copyOf(bytes, size);
    checkUtf8(decoded);
    return decoded;
  }

  private static void checkUtf8(byte[] decoded) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(decoded));
    } catch (CharacterCodingException e) {
      throw Malformed.url("the escapes in its query must be UTF-8");
    }
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  String raw() {
    return raw;
  }

  String text() {
    return text;
  }

  /** The values of each key, both in the order in which they were given. */
  Map<String, List<String>> parameters() {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (Parameter parameter : given) {
      values
          .computeIfAbsent(text(parameter.key), key -> new ArrayList<>())
          .add(text(parameter.value));
    }
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CanonicalQuery query && sorted.equals(query.sorted);
  }

  @Override
  public int hashCode() {
    return sorted.hashCode();
  }
}
