package cloud.klink.webhooks.verifier.explain;

import cloud.klink.webhooks.canonical.CanonicalTarget;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An endpoint, its secret and an event, in which every mistake that is known makes a difference:
 * the path has escapes and dots, the query several values and escapes of escapes, the event
 * slashes, members out of order and names that UTF-16 and code points order differently.
 */
record Sample(String label, String segment, String value, String text, String hexSecret) {
  static final Sample ORDINARY =
      new Sample("hooks", "inbox", "production", "សុខា \"Sok\"\nNguyễn", "f00dcafe".repeat(8));

  byte[] secretBits() {
    return HexFormat.of().parseHex(hexSecret);
  }

  String host() {
    return label + ".example.com";
  }

  String path() {
    return "/" + segment + "/%e1%9e%80%2fa:b//./z";
  }

  String url() {
    return "https://" + host() + path();
  }

  String rawQuery() {
    return "tag=b+c&tag=a&env=" + value + "&twice=%252B";
  }

  String publicUrl() {
    return url() + "?" + rawQuery();
  }

  String target() {
    return path() + "?" + rawQuery();
  }

  String query() {
    return CanonicalTarget.of("POST", publicUrl()).query();
  }

  String secret() {
    return "whsec_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secretBits());
  }

  Map<String, Object> event() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("name", text);
    data.put("\ud83d\ude00", List.of(1, 2));
    data.put("\uffee", "a/b");
    data.put("address", "ភ្នំពេញ");
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("timestamp", "2026-01-09T03:42:38.000000Z");
    event.put("event", "contact.created");
    event.put("data", data);
    return event;
  }

  /** Not canonical: out of order, with white space within and around. */
  String rawBody() {
    return " " + printed(NaiveJson.AS_GIVEN, NaiveJson.AS_GIVEN, "  ", false) + "\n";
  }

  String canonicalBody() {
    return NaiveJson.CANONICAL.print(event());
  }

  String printed(Comparator<String> outer, Comparator<String> inner, String gap, boolean ascii) {
    return new NaiveJson(outer, inner, gap, ascii).print(event());
  }
}
