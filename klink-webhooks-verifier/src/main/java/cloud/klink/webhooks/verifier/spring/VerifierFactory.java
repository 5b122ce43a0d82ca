package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.verifier.SourceAddresses;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Makes a verifier of the properties, and says which of them is wrong. */
final class VerifierFactory {
  private VerifierFactory() {}

  static WebhookVerifier verifier(ReceiverProperties properties, Environment environment) {
    WebhookVerifier.Builder builder = WebhookVerifier.builder()
        .publicUrl(publicUrl(properties.publicUrl()))
        .maxBodyBytes(maxBodyBytes(properties.maxBodySize()));
    if (!properties.allowedSources().isEmpty()) {
      builder.allowedSources(sources(properties.allowedSources()));
    }
    ReceiverSecrets.addTo(builder, environment);
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      boolean secret = String.valueOf(e.getMessage()).startsWith("secret");
      throw ReceiverSetupException.property(
          secret ? "secrets" : "max-body-size",
          String.valueOf(e.getMessage()),
          "change the value",
          e);
    }
  }

  private static String publicUrl(String url) {
    try {
      CanonicalTarget.of("POST", url);
      return url;
    } catch (MalformedException e) {
      throw ReceiverSetupException.property(
          "public-url",
          e.getMessage(),
          "give the URL that was entered in K-LINK, as https://example.com/webhooks/klink",
          e);
    }
  }

  private static int maxBodyBytes(DataSize size) {
    if (size.toBytes() < 1 || size.toBytes() > CanonicalBody.MAX_LENGTH) {
      throw ReceiverSetupException.property(
          "max-body-size",
          "it must be from 1 byte to " + CanonicalBody.MAX_LENGTH + " bytes, not " + size.toBytes(),
          "give a size as 1MB",
          null);
    }
    return (int) size.toBytes();
  }

  private static SourceAddresses sources(List<String> given) {
    List<String> addresses = new ArrayList<>(given);
    if (addresses.remove("klink")) {
      addresses.add("51.79.216.180");
    }
    try {
      return SourceAddresses.of(addresses.toArray(String[]::new));
    } catch (IllegalArgumentException e) {
      throw ReceiverSetupException.property(
          "allowed-sources",
          String.valueOf(e.getMessage()),
          "list IP addresses, ranges as 10.0.0.0/8, or klink for K-LINK's own address",
          e);
    }
  }
}
