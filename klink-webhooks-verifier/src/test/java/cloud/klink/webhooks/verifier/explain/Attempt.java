package cloud.klink.webhooks.verifier.explain;

import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A sample on its way: what is signed, what is sent and what the verifier expects. All is right
 * until a test changes something.
 */
final class Attempt {
  final Sample sample;

  /** The text that is signed, in its parts. */
  String method = "POST";

  String url;
  String query;
  byte[] body;
  byte[] key;
  String separator = "";

  UnaryOperator<byte[]> signer = message -> hmac("HmacSHA256", key, message);
  UnaryOperator<String> signature = hex -> hex;

  /** What is sent. */
  Consumer<IncomingRequest.Builder> sent = request -> {};

  byte[] sentBody;
  String sentMethod = "POST";
  Optional<String> target;

  /** What is expected. */
  String publicUrl;

  String secret;
  Consumer<WebhookVerifier.Builder> expected = verifier -> {};
  Consumer<SignatureExplainer.Builder> hints = explainer -> {};

  Attempt(Sample sample) {
    this.sample = sample;
    url = sample.url();
    query = sample.query();
    body = utf8(sample.canonicalBody());
    secret = sample.secret();
    key = utf8(secret);
    sentBody = utf8(sample.rawBody());
    target = Optional.of(sample.target());
    publicUrl = sample.publicUrl();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] hmac(String algorithm, byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  byte[] message() {
    byte[] head = utf8(String.join(separator, method, url, query, ""));
    byte[] message = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, message, head.length, body.length);
    return message;
  }

  /** As it stands in the header. */
  String presented() {
    return signature.apply(HexFormat.of().formatHex(signer.apply(message())));
  }

  /** What the verifier would have accepted. */
  String right() {
    byte[] message = utf8("POST" + sample.url() + sample.query() + sample.canonicalBody());
    return HexFormat.of().formatHex(hmac("HmacSHA256", utf8(secret), message));
  }

  IncomingRequest request() {
    IncomingRequest.Builder request =
        IncomingRequest.builder().method(sentMethod).body(sentBody);
    target.ifPresent(request::target);
    String presented = presented();
    if (!presented.isEmpty()) {
      request.header("x-signature", presented);
    }
    sent.accept(request);
    return request.build();
  }

  WebhookVerifier verifier() {
    WebhookVerifier.Builder verifier =
        WebhookVerifier.builder().publicUrl(publicUrl).secret(SigningSecret.of(secret));
    expected.accept(verifier);
    return verifier.build();
  }

  SignatureExplainer explainer() {
    SignatureExplainer.Builder explainer = SignatureExplainer.builder(verifier());
    hints.accept(explainer);
    return explainer.build();
  }

  Explanation explain() {
    return explainer().explain(request());
  }
}
