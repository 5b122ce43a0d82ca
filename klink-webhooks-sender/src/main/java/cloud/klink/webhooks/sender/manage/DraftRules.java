package cloud.klink.webhooks.sender.manage;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.sender.endpoint.EndpointPolicy;
import cloud.klink.webhooks.sender.webhook.Authentication;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Checks what somebody entered, all of it.
 *
 * @param endpoints which endpoints are allowed
 * @param methods the methods for which the sender has a transport
 */
record DraftRules(EndpointPolicy endpoints, Set<DeliveryMethod> methods) {
  private static final Set<String> RESERVED = Set.of(
      "host",
      "content-length",
      "content-type",
      "content-encoding",
      "transfer-encoding",
      "connection",
      "te",
      "trailer",
      "upgrade",
      "expect",
      "keep-alive",
      "accept-encoding",
      "x-signature");
  private static final List<String> RESERVED_PREFIXES =
      List.of("proxy-", "x-klink-", "sec-websocket-", ":");
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  List<Fault> faults(Draft draft) {
    List<Fault> faults = new ArrayList<>();
    checkName(draft.name, faults);
    checkMethod(draft.method, faults);
    checkUrl(draft.method, draft.url, faults);
    checkAuthentication(draft.authentication, faults);
    checkSubscriptions(draft.selectors(), faults);
    return faults;
  }

  private static void checkName(@Nullable String name, List<Fault> faults) {
    if (name == null || name.isBlank()) {
      faults.add(new Fault("name", "it is required"));
    } else if (name.length() > WebhookEditor.MAX_NAME_LENGTH) {
      faults.add(new Fault(
          "name", "it must be of at most " + WebhookEditor.MAX_NAME_LENGTH + " characters"));
    } else if (!isText(name)) {
      faults.add(new Fault("name", "it must not have control characters or halves of characters"));
    }
  }

  /** Text that every database takes: no control characters, no half of a surrogate pair. */
  static boolean isText(String text) {
    return text.codePoints()
        .noneMatch(c -> Character.isISOControl(c)
            || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
  }

  private void checkMethod(@Nullable DeliveryMethod method, List<Fault> faults) {
    if (method == null) {
      faults.add(new Fault("method", "it is required"));
    } else if (!methods.contains(method)) {
      faults.add(new Fault("method", "this sender has no transport for " + method.id()));
    }
  }

  private void checkUrl(@Nullable DeliveryMethod method, @Nullable String url, List<Fault> faults) {
    if (url == null || url.isBlank()) {
      faults.add(new Fault("url", "it is required"));
      return;
    }
    if (url.length() > WebhookEditor.MAX_URL_LENGTH) {
      faults.add(new Fault(
          "url", "it must be of at most " + WebhookEditor.MAX_URL_LENGTH + " characters"));
      return;
    }
    String scheme = url.substring(0, Math.max(0, url.indexOf(':'))).toLowerCase(Locale.ROOT);
    if (method == DeliveryMethod.WEBHOOK && scheme.startsWith("ws")) {
      faults.add(new Fault("url", "its scheme must be https for the method webhook"));
    } else if (method == DeliveryMethod.WEBSOCKET && scheme.startsWith("http")) {
      faults.add(new Fault("url", "its scheme must be wss for the method websocket"));
    }
    endpoints.faults(url).forEach(rule -> faults.add(new Fault("url", rule)));
  }

  private static void checkAuthentication(Draft.HeaderDraft header, List<Fault> faults) {
    if (header.isNone()) {
      return;
    }
    String name = header.name();
    if (name == null || !isToken(name) || name.length() > WebhookEditor.MAX_HEADER_NAME_LENGTH) {
      faults.add(new Fault(
          "authentication",
          "the header's name must be 1 to " + WebhookEditor.MAX_HEADER_NAME_LENGTH
              + " letters, digits and " + TOKEN_MARKS + " (RFC 9110)"));
    } else if (isReserved(name.toLowerCase(Locale.ROOT))) {
      faults.add(new Fault(
          "authentication",
          "the header " + name + " is set by HTTP or by the sender; use another"));
    }
    String value = header.value();
    if (value != null && !isHeaderValue(value)) {
      faults.add(new Fault(
          "authentication",
          "the value must be 1 to " + WebhookEditor.MAX_HEADER_VALUE_LENGTH
              + " visible ASCII characters, with spaces and tabs only between them"));
    }
  }

  private static boolean isToken(String name) {
    return !name.isEmpty()
        && name.chars()
            .allMatch(
                c -> c < 0x80 && (Character.isLetterOrDigit(c) || TOKEN_MARKS.indexOf(c) >= 0));
  }

  private static boolean isReserved(String name) {
    return RESERVED.contains(name) || RESERVED_PREFIXES.stream().anyMatch(name::startsWith);
  }

  private static boolean isHeaderValue(String value) {
    return !value.isEmpty()
        && value.length() <= WebhookEditor.MAX_HEADER_VALUE_LENGTH
        && value.strip().length() == value.length()
        && value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f));
  }

  private static void checkSubscriptions(List<@Nullable String> selectors, List<Fault> faults) {
    if (selectors.isEmpty()) {
      faults.add(new Fault("subscriptions", "at least one is required"));
    } else if (selectors.size() > WebhookEditor.MAX_SUBSCRIPTIONS) {
      faults.add(new Fault(
          "subscriptions", "at most " + WebhookEditor.MAX_SUBSCRIPTIONS + " are possible"));
    }
    for (String selector : selectors) {
      if (subscription(selector) == null) {
        faults.add(new Fault(
            "subscriptions",
            "each must be an event's name, as contact.created, or a group's with a star, as"
                + " contact.*; one is not"));
        return;
      }
    }
  }

  private static @Nullable Subscription subscription(@Nullable String selector) {
    try {
      return selector == null ? null : new Subscription(selector);
    } catch (WebhookException e) {
      return null;
    }
  }

  /** The subscriptions of a draft without faults. */
  static Set<Subscription> subscriptions(Draft draft) {
    Set<Subscription> subscriptions = new TreeSet<>();
    for (String selector : draft.selectors()) {
      Subscription subscription = subscription(selector);
      if (subscription != null) {
        subscriptions.add(subscription);
      }
    }
    return subscriptions;
  }

  /** The authentication of a draft without faults. */
  static Authentication authentication(Draft draft) {
    String name = draft.authentication.name();
    if (name == null) {
      return Authentication.none();
    }
    return draft.authentication.isBasic() ? Authentication.basic() : Authentication.header(name);
  }
}
