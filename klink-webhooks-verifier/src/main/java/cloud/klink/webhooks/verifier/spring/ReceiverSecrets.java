package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;

/** Reads the secrets, and never puts one into a message, even if it is wrong. */
final class ReceiverSecrets {
  private static final String SETTING = "secrets";
  private static final String NAME = ReceiverProperties.PREFIX + "." + SETTING;
  private static final String REMEDY =
      "set " + NAME + " to the signing secret that K-LINK shows for the webhook, or " + NAME
          + ".GROUP for each of several webhooks; the new and the old one, separated by a comma,"
          + " while a secret is being replaced";

  private ReceiverSecrets() {}

  /** Adds the secrets to a verifier, those of each group in their order. */
  static void addTo(WebhookVerifier.Builder verifier, Environment environment) {
    Map<String, List<String>> groups = read(Binder.get(environment));
    if (groups.values().stream().allMatch(List::isEmpty)) {
      throw ReceiverSetupException.property(SETTING, "no secret is set", REMEDY, null);
    }
    groups.forEach((group, secrets) ->
        secrets.forEach(secret -> verifier.secret(group, secret(group, secret))));
  }

  private static Map<String, List<String>> read(Binder binder) {
    List<String> alone = bind(binder, Bindable.listOf(String.class), List.of());
    if (!alone.isEmpty()) {
      return Map.of(WebhookVerifier.DEFAULT_GROUP, alone);
    }
    ResolvableType lists = ResolvableType.forClassWithGenerics(List.class, String.class);
    ResolvableType map = ResolvableType.forClassWithGenerics(
        Map.class, ResolvableType.forClass(String.class), lists);
    return bind(binder, Bindable.<Map<String, List<String>>>of(map), Map.of());
  }

  private static <T> T bind(Binder binder, Bindable<T> target, T otherwise) {
    try {
      return binder.bind(NAME, target).orElse(otherwise);
    } catch (BindException e) {
      // Not the cause: its message has the value.
      throw ReceiverSetupException.property(
          SETTING, "the secrets are neither a list nor lists by group", REMEDY, null);
    }
  }

  private static SigningSecret secret(String group, String text) {
    try {
      return SigningSecret.of(text);
    } catch (IllegalArgumentException e) {
      throw ReceiverSetupException.property(
          SETTING,
          "a secret of the group " + group + " is not valid: " + e.getMessage(),
          REMEDY,
          e);
    }
  }
}
