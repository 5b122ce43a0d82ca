package cloud.klink.webhooks.canonical;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** A JSON value that can be written in many ways which all mean the same. */
sealed interface JsonText {

  /** A number, {@code true}, {@code false} or {@code null}, always written as given. */
  record Literal(String text) implements JsonText {}

  /** A string. */
  record Text(String content) implements JsonText {}

  /** An array. */
  record Array(List<JsonText> elements) implements JsonText {}

  /** An object; names may occur twice. */
  record Members(List<Member> members) implements JsonText {}

  /** A member of an object. */
  record Member(String name, JsonText value) {}

  /** One of the many ways to write this value; the seed says which. */
  default String written(long seed) {
    StringBuilder out = new StringBuilder();
    new Writer(new Random(seed), out).document(this);
    return out.toString();
  }

  /** Chooses white space, the order of members and escapes at random. */
  final class Writer {
    private final Random random;
    private final StringBuilder out;
    private final int spaces;
    private final int escapes;
    private final boolean shuffles;

    Writer(Random random, StringBuilder out) {
      this.random = random;
      this.out = out;
      this.spaces = random.nextInt(3);
      this.escapes = random.nextInt(4);
      this.shuffles = random.nextBoolean();
    }

    void document(JsonText value) {
      space();
      value(value);
      space();
    }

    private void value(JsonText value) {
      if (value instanceof Literal literal) {
        out.append(literal.text());
      } else if (value instanceof Text text) {
        string(text.content());
      } else if (value instanceof Array array) {
        array(array);
      } else if (value instanceof Members object) {
        object(object);
      }
    }

    private void array(Array array) {
      out.append('[');
      space();
      String separator = "";
      for (JsonText element : array.elements()) {
        out.append(separator);
        separator = ",";
        space();
        value(element);
        space();
      }
      out.append(']');
    }

    private void object(Members object) {
      List<Member> members = new ArrayList<>(object.members());
      if (shuffles) {
        Collections.shuffle(members, random);
      }
      out.append('{');
      space();
      String separator = "";
      for (Member member : members) {
        out.append(separator);
        separator = ",";
        space();
        string(member.name());
        space();
        out.append(':');
        space();
        value(member.value());
        space();
      }
      out.append('}');
    }

    private void string(String content) {
      out.append('"');
      content.codePoints().forEach(this::character);
      out.append('"');
    }

    private void character(int c) {
      int letter = "\"\\/\b\f\n\r\t".indexOf(c);
      boolean must = c < ' ' || c == '"' || c == '\\';
      boolean may = escapes > 0 && random.nextInt(4 - escapes) == 0;
      if (!must && !may) {
        out.appendCodePoint(c);
      } else if (letter >= 0 && random.nextInt(3) > 0) {
        out.append('\\').append("\"\\/bfnrt".charAt(letter));
      } else {
        for (char unit : Character.toChars(c)) {
          out.append("\\u");
          for (char digit : HexFormat.of().toHexDigits(unit).toCharArray()) {
            out.append(random.nextBoolean() ? digit : Character.toUpperCase(digit));
          }
        }
      }
    }

    private void space() {
      for (int i = spaces == 0 ? 0 : random.nextInt(spaces); i > 0; i--) {
        out.append(" \t\r\n".charAt(random.nextInt(4)));
      }
    }
  }
}
