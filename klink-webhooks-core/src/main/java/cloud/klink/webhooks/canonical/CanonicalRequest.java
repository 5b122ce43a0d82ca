package cloud.klink.webhooks.canonical;

import cloud.klink.webhooks.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import javax.crypto.Mac;

/**
 * What is signed: METHOD, URL, QUERY and BODY, concatenated without separators (CANONICAL.md).
 * Immutable and safe for use by many threads.
 *
 * @param target method, URL and query
 * @param body the body
 */
public record CanonicalRequest(CanonicalTarget target, CanonicalBody body) {
  /**
   * Checks that nothing is missing.
   *
   * @param target method, URL and query
   * @param body the body
   * @throws NullPointerException if an argument is null
   */
  public CanonicalRequest {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(body, "body");
  }

  /**
   * The canonical request of a method, a URL and a body.
   *
   * @param method an HTTP method
   * @param url an absolute URL with its query
   * @param body JSON in UTF-8, or no bytes
   * @param dialect how the body's strings and numbers are printed
   * @return the canonical request
   * @throws MalformedException if one of them has no canonical form; the reason says which
   */
  public static CanonicalRequest of(String method, String url, byte[] body, Dialect dialect) {
    return CanonicalTarget.of(method, url).with(CanonicalBody.of(body, dialect));
  }

  /**
   * Feeds the canonical bytes to a MAC, without copying them.
   *
   * @param mac an initialised MAC; it is not reset before or finished afterwards
   */
  public void update(Mac mac) {
    mac.update(target.bytes());
    mac.update(body.bytes());
  }

  /**
   * The canonical bytes.
   *
   * @return UTF-8, a new array for each call
   */
  public byte[] toBytes() {
    byte[] head = target.bytes();
    byte[] tail = body.bytes();
    byte[] all = new byte[head.length + tail.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }

  /**
   * The canonical string.
   *
   * @return the text, which may be confidential
   */
  public String text() {
    return target + new String(body.bytes(), StandardCharsets.UTF_8);
  }

  /** Shows the target and the length of the body, not its content. */
  @Override
  public String toString() {
    return "CanonicalRequest[" + target + ", " + body + "]";
  }
}
