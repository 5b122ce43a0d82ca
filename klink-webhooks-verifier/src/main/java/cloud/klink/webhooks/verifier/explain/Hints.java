package cloud.klink.webhooks.verifier.explain;

import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.explain.Location.Authority;
import java.util.List;

/** What the caller gave to be tried. */
record Hints(List<SigningSecret> secrets, List<Authority> hosts, List<Url> urls) {
  /**
   * A URL to try.
   *
   * @param given the text
   * @param target its canonical form, with the verifier's method
   */
  record Url(String given, CanonicalTarget target) {
    Location location() {
      return Location.parse(target.url());
    }

    /** Up to the query or fragment, not normalised. */
    String start() {
      return given.split("[?#]", 2)[0];
    }

    /** Empty if there is none. */
    String rawQuery() {
      String beforeFragment = given.split("#", 2)[0];
      int question = beforeFragment.indexOf('?');
      return question < 0 ? "" : beforeFragment.substring(question + 1);
    }

    /** With its number sign; empty if there is none. */
    String fragment() {
      int start = given.indexOf('#');
      return start < 0 ? "" : given.substring(start);
    }
  }
}
