package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Builds a verifier from the properties, and reports a mistake by the name of its property. */
final class VerifierFactory {
  private VerifierFactory() {}

  static WebhookVerifier verifier(ReceiverProperties properties, Environment environment) {
    WebhookVerifier.Builder builder = WebhookVerifier.builder()
        .publicUrl(publicUrl(properties.publicUrl()))
        .maxBodyBytes(maxBodyBytes(properties.maxBodySize()));
    if (!properties.allowedSources().isEmpty()) {
      builder.allowedSources(properties.allowedSources().stream()
          .map(address -> address.equals("klink") ? WebhookVerifier.KLINK_ADDRESS : address)
          .toArray(String[]::new));
    }
    ReceiverSecrets.addTo(builder, environment);
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw translated(String.valueOf(e.getMessage()), e);
    }
  }

  private static ReceiverSetupException translated(String message, Exception mistake) {
    if (message.startsWith("allowedSources")) {
      return ReceiverSetupException.property(
          "allowed-sources",
          message,
          "list IP addresses, ranges such as 10.0.0.0/8, or klink for K-LINK's own address",
          mistake);
    }
    return ReceiverSetupException.property(
        message.startsWith("secret") ? "secrets" : "max-body-size",
        message,
        "change the value",
        mistake);
  }

  private static String publicUrl(String url) {
    try {
      CanonicalTarget.of("POST", url);
      return url;
    } catch (MalformedException e) {
      throw ReceiverSetupException.property(
          "public-url",
          e.getMessage(),
          "give the URL that was entered in K-LINK, such as https://example.com/webhooks/klink",
          e);
    }
  }

  private static int maxBodyBytes(DataSize size) {
    if (size.toBytes() < 1 || size.toBytes() > CanonicalBody.MAX_LENGTH) {
      throw ReceiverSetupException.property(
          "max-body-size",
          "it must be from 1 byte to " + CanonicalBody.MAX_LENGTH + " bytes, not " + size.toBytes(),
          "give a size such as 1MB",
          null);
    }
    return (int) size.toBytes();
  }
}
