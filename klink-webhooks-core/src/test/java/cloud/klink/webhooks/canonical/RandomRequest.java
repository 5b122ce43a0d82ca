package cloud.klink.webhooks.canonical;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A request made of everything that CANONICAL.md has a rule for, and at times breaks one. */
final class RandomRequest {
  private static final String[] METHODS = {
    "POST", "post", "PUT", "Pa-t.ch", "X!#$%&'*+-.^_`|~9", "", "PO ST", "GÈT", "a/b"
  };
  private static final String[] SCHEMES = {
    "https", "http", "ws", "wss", "HTTPS", "Ws", "ftp", "", "https:"
  };
  private static final String[] HOSTS = {
    "example.com",
    "Example.COM",
    "127.0.0.1",
    "xn--bcher-kva.example",
    "a_b",
    "[::1]",
    "[1::]",
    "[2001:DB8::1]",
    "[::ffff:1.2.3.4]",
    "[1:2:3:4:5:6:7:8]",
    "[1:2:3:4:5:6:7::]",
    "[::1%25eth0]",
    "[1.2.3.4]",
    "[:1]",
    "[1::2::3]",
    "[12345::]",
    "[]",
    "[::1",
    "",
    "user@h",
    "a:b@h",
    "b%C3%BC",
    "bücher.example",
    "a b",
    "a]b",
    "h!$&'()*+,;=",
    "[1:2:3:4:5:6:7:8:9]",
    "[::1.2.3]",
    "[v1.x]"
  };
  private static final String[] PORTS = {
    "", "", "", ":443", ":80", ":8443", ":", ":0", ":080", ":65535", ":65536", ":٤", ":-1", ":80:80"
  };
  private static final String[] PATHS = {
    "",
    "/",
    "/a/B",
    "/a//./..//b",
    "/%2f%2F",
    "/%4",
    "/%zz",
    "/a b",
    "/ស",
    "/[x]",
    "/{x}",
    "//",
    "/~!$&'()*+,;=:@-._",
    "/a\\b",
    "/a\"b",
    "/a^b",
    "/a|b",
    "/a`b",
    "/\u0001"
  };
  private static final String[] QUERY_PARTS = {
    "a",
    "b",
    "=",
    "&",
    "&&",
    "+",
    "%20",
    "%26",
    "%C3%A9",
    "%c3",
    "%ED%A0%80",
    "%00",
    "%3b",
    ";",
    "[",
    "]",
    "?",
    "/",
    "%F0%9F%98%80",
    "%EF%BF%AE",
    "é",
    "%",
    "%4",
    " ",
    "a=1&a=0",
    "zz",
    "#"
  };
  private static final String[] FRAGMENTS = {"", "", "", "#", "#x", "#a b@ស?#://"};
  private static final String[] NUMBERS = {
    "0",
    "-0",
    "0.0",
    "-0.0",
    "1",
    "-1",
    "10",
    "01",
    "-",
    "+1",
    "1.",
    ".5",
    "1e",
    "1e+",
    "0x1",
    "NaN",
    "Infinity",
    "1.0",
    "1.50",
    "12.50",
    "1E5",
    "1e+05",
    "-2.50E-7",
    "1e15",
    "1e16",
    "1e17",
    "1e20",
    "1e21",
    "1e22",
    "1e-4",
    "1e-5",
    "1e-6",
    "1e-7",
    "123456789012345680",
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "1795892542882000001",
    "123456789012345678901234567890",
    "1e308",
    "1.7976931348623157e308",
    "1.7976931348623159e308",
    "1e309",
    "1e400",
    "-1e400",
    "1e-400",
    "5e-324",
    "4.9e-324",
    "2.4703282292062327e-324",
    "2.4703282292062328e-324",
    "3E-310",
    "2.2250738585072011e-308",
    "0.1",
    "0.30000000000000004",
    "1.00000000000000001",
    "8.41e21",
    "5e-324",
    "9.5367431640625e-7",
    "100000000000000000000",
    "999999999999999999999",
    "1e999999999",
    "1e-999999999",
    "0e999999999999",
    "4.35",
    "2e-323",
    "1.5e-323"
  };
  private static final String[] STRING_PARTS = {
    "a",
    "b",
    "z",
    "<",
    ">",
    "&",
    "/",
    "\\/",
    "\\\"",
    "\\\\",
    "\\n",
    "\\u000a",
    "\\b",
    "\\u0008",
    "\\u0000",
    "\\u001F",
    "\\u001f",
    "\u007f",
    "\\u007f",
    "é",
    "\\u00e9",
    "\\u00E9",
    "ស",
    "\u2028",
    "\\u2029",
    "😀",
    "\\ud83d\\ude00",
    "\\uD83D\\uDE00",
    "\uffee",
    "\\uffee",
    "\\u0041",
    "'",
    " ",
    "\\ud800",
    "\\ude00\\ud83d",
    "\\x",
    "\\u12g4",
    "\t",
    "\u0000",
    "\\",
    "\ufeff"
  };
  private static final String[] SPACES = {"", "", "", " ", "\n", "\t\r ", "\u00a0", "\f"};

  private static final List<Dialect> DIALECTS = List.of(Dialect.values());

  private final String method;
  private final String url;
  private final byte[] body;
  private final Dialect dialect;

  private RandomRequest(String method, String url, byte[] body, Dialect dialect) {
    this.method = method;
    this.url = url;
    this.body = body;
    this.dialect = dialect;
  }

  static RandomRequest of(Random random) {
    return new RandomRequest(
        likely(random, METHODS, 5),
        url(random),
        body(random),
        DIALECTS.get(random.nextInt(DIALECTS.size())));
  }

  String method() {
    return method;
  }

  String url() {
    return url;
  }

  byte[] body() {
    return body;
  }

  Dialect dialect() {
    return dialect;
  }

  private static String pick(Random random, String[] of) {
    return of[random.nextInt(of.length)];
  }

  /** The first ones mostly, so that not nearly all requests are refused. */
  private static String likely(Random random, String[] of, int good) {
    return of[random.nextInt(random.nextInt(12) == 0 ? of.length : good)];
  }

  private static String url(Random random) {
    StringBuilder url = new StringBuilder(likely(random, SCHEMES, 6))
        .append(random.nextInt(200) == 0 ? ":/" : "://")
        .append(likely(random, HOSTS, 11))
        .append(likely(random, PORTS, 6))
        .append(likely(random, PATHS, 5));
    if (random.nextBoolean()) {
      url.append('?');
      for (int i = random.nextInt(8); i > 0; i--) {
        url.append(likely(random, QUERY_PARTS, 9));
      }
    }
    url.append(likely(random, FRAGMENTS, 6));
    if (random.nextInt(300) == 0) {
      url.append("#".repeat(random.nextInt(3))).append("x".repeat(65_536 - url.length()));
      url.append(random.nextBoolean() ? "" : "y");
    }
    return url.toString();
  }

  private static byte[] body(Random random) {
    if (random.nextInt(40) == 0) {
      return new byte[0];
    }
    StringBuilder json = new StringBuilder();
    boolean careless = random.nextInt(4) == 0;
    if (random.nextInt(500) == 0) {
      int levels = 999 + random.nextInt(3);
      json.append("[".repeat(levels)).append("]".repeat(levels));
    } else {
      value(random, 0, careless, json);
    }
    byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(8) == 0 && body.length > 0) {
      int at = random.nextInt(body.length);
      if (random.nextBoolean()) {
        body[at] = (byte) random.nextInt(256);
      } else {
        body = Arrays.copyOf(body, at);
      }
    }
    return body;
  }

  private static void value(Random random, int depth, boolean careless, StringBuilder json) {
    space(random, careless, json);
    int kind = random.nextInt(depth > 3 ? 5 : 9);
    if (kind < 2) {
      number(random, careless, json);
    } else if (kind < 4) {
      string(random, careless, json);
    } else if (kind == 4) {
      json.append(pick(random, new String[] {"true", "false", "null", "{}", "[]", "[ ]", "{ }"}));
    } else if (kind == 5) {
      json.append('[');
      for (int i = random.nextInt(5); i >= 0; i--) {
        value(random, depth + 1, careless, json);
        json.append(i == 0 ? "]" : ",");
      }
    } else {
      json.append('{');
      int count = random.nextInt(random.nextInt(20) == 0 ? 60 : 6);
      for (int i = count; i >= 0; i--) {
        space(random, careless, json);
        string(random, careless, json);
        if (!careless) {
          json.insert(json.length() - 1, i); // tells it from the other names
        }
        space(random, careless, json);
        json.append(':');
        value(random, depth + 1, careless, json);
        json.append(i == 0 ? "}" : ",");
      }
    }
    space(random, careless, json);
  }

  private static void number(Random random, boolean careless, StringBuilder json) {
    switch (random.nextInt(6)) {
      case 0 -> json.append(random.nextLong());
      case 1 -> {
        double value = Double.longBitsToDouble(random.nextLong());
        json.append(Double.isFinite(value) ? value : 0.5);
      }
      case 2 -> json.append(random.nextInt()).append('.').append(random.nextInt(1_000_000));
      case 3 -> json.append(1 + random.nextInt(9)).append("9".repeat(random.nextInt(320)));
      default -> {
        String number = pick(random, NUMBERS);
        boolean isJson = number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
        json.append(careless || isJson ? number : "7");
      }
    }
    if (random.nextInt(2_000) == 0) {
      json.append("1".repeat(970 + random.nextInt(40)));
    }
  }

  private static void string(Random random, boolean careless, StringBuilder json) {
    json.append('"');
    for (int i = random.nextInt(5); i > 0; i--) {
      json.append(
          careless && random.nextInt(10) == 0
              ? pick(random, STRING_PARTS)
              : STRING_PARTS[random.nextInt(33)]);
    }
    json.append('"');
  }

  private static void space(Random random, boolean careless, StringBuilder json) {
    json.append(SPACES[random.nextInt(careless && random.nextInt(30) == 0 ? 8 : 6)]);
  }
}
