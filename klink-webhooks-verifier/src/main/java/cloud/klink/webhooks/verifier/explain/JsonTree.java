package cloud.klink.webhooks.verifier.explain;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.Dialect;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * JSON to be printed wrongly on purpose: in another order or with white space. Strings and numbers
 * are printed as a dialect has them.
 */
final class JsonTree {
  /**
   * How to print: order of members, what follows commas and colons, and the only names whose
   * members are printed, or null for all.
   */
  record Style(
      @Nullable Comparator<String> outer,
      @Nullable Comparator<String> inner,
      String gap,
      @Nullable Set<String> only) {
    Style(@Nullable Comparator<String> outer, @Nullable Comparator<String> inner, String gap) {
      this(outer, inner, gap, null);
    }

    /** One order for all objects; null for the order in which members came. */
    static Style of(@Nullable Comparator<String> order, String gap) {
      return new Style(order, order, gap);
    }
  }

  private final Node root;

  private JsonTree(Node root) {
    this.root = root;
  }

  /**
   * Reads a body.
   *
   * @param json known to be well formed, with no more levels than a canonical body may have
   * @param dialect how its strings and numbers are printed
   * @throws cloud.klink.webhooks.MalformedException if the dialect cannot print it
   */
  static JsonTree parse(String json, Dialect dialect) {
    return new JsonTree(new Parser(json, dialect).value());
  }

  /** The names of the outermost object's members; none if it is no object. */
  Set<String> names() {
    return root instanceof Members object
        ? object.members().stream().map(Member::name).collect(Collectors.toSet())
        : Set.of();
  }

  String print(Style style) {
    StringBuilder out = new StringBuilder();
    root.print(out, style, style.outer());
    return out.toString();
  }

  private interface Node {
    void print(StringBuilder out, Style style, @Nullable Comparator<String> order);
  }

  private record Scalar(String text) implements Node {
    @Override
    public void print(StringBuilder out, Style style, @Nullable Comparator<String> order) {
      out.append(text);
    }
  }

  private record Items(List<Node> items) implements Node {
    @Override
    public void print(StringBuilder out, Style style, @Nullable Comparator<String> order) {
      String separator = "";
      out.append('[');
      for (Node item : items) {
        out.append(separator);
        item.print(out, style, style.inner());
        separator = "," + style.gap();
      }
      out.append(']');
    }
  }

  /** A member; its name as it is printed, and as it is compared. */
  private record Member(String printed, String name, Node value) {}

  private record Members(List<Member> members) implements Node {
    @Override
    public void print(StringBuilder out, Style style, @Nullable Comparator<String> order) {
      Set<String> only = style.only();
      List<Member> ordered = new ArrayList<>(members);
      if (only != null) {
        ordered.removeIf(member -> !only.contains(member.name()));
      }
      if (order != null) {
        ordered.sort(Comparator.comparing(Member::name, order));
      }
      String separator = "";
      out.append('{');
      for (Member member : ordered) {
        out.append(separator).append(member.printed()).append(':').append(style.gap());
        member.value().print(out, style, style.inner());
        separator = "," + style.gap();
      }
      out.append('}');
    }
  }

  /** Trusts its input, which a canonical body was made of. */
  private static final class Parser {
    private final String json;
    private final Dialect dialect;

    /** Names come again and again. */
    private final Map<String, String> printed = new HashMap<>();

    private int at;

    Parser(String json, Dialect dialect) {
      this.json = json;
      this.dialect = dialect;
    }

    Node value() {
      char c = next();
      return c == '{' ? object() : c == '[' ? array() : new Scalar(canonical(token()));
    }

    private Node object() {
      List<Member> members = new ArrayList<>();
      at++;
      while (next() != '}') {
        String token = token();
        next();
        at++; // the colon
        members.add(new Member(canonical(token), JsonString.read(token), value()));
        skipComma();
      }
      at++;
      return new Members(members);
    }

    private Node array() {
      List<Node> items = new ArrayList<>();
      at++;
      while (next() != ']') {
        items.add(value());
        skipComma();
      }
      at++;
      return new Items(items);
    }

    private void skipComma() {
      if (next() == ',') {
        at++;
      }
    }

    /** The next character that is not white space, which stays next. */
    private char next() {
      while (" \t\r\n".indexOf(json.charAt(at)) >= 0) {
        at++;
      }
      return json.charAt(at);
    }

    private String token() {
      int start = at;
      if (json.charAt(at) == '"') {
        at = JsonString.end(json, at);
      } else {
        while (at < json.length() && " \t\r\n,]}".indexOf(json.charAt(at)) < 0) {
          at++;
        }
      }
      return json.substring(start, at);
    }

    private String canonical(String token) {
      return printed.computeIfAbsent(
          token, text -> CanonicalBody.of(RefusalContext.utf8(text), dialect).text());
    }
  }
}
