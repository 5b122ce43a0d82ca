package cloud.klink.webhooks.sender.internal.manage;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.internal.url.EndpointUrl;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.net.AuthenticationHeader;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.InvalidWebhookException;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Validates the values of a webhook, and collects the rules that they break. */
final class WebhookValidator {
  static final int MAX_NAME_LENGTH = 100;
  static final int MAX_SUBSCRIPTIONS = 200;
  private static final int MAX_QUOTED_LENGTH = 100;
  private static final String ALL = ".*";

  private static final Pattern SCHEME = Pattern.compile("(http|ws)s?:", Pattern.CASE_INSENSITIVE);

  private final Map<String, List<String>> faults = new LinkedHashMap<>();

  private void fault(String field, String rule) {
    faults.computeIfAbsent(field, unused -> new ArrayList<>()).add(rule);
  }

  void name(@Nullable String name) {
    if (name == null || name.isBlank()) {
      fault("name", "it is required");
      return;
    }
    if (name.codePointCount(0, name.length()) > MAX_NAME_LENGTH) {
      fault("name", "it must have at most " + MAX_NAME_LENGTH + " characters");
    }
    if (!name.strip().equals(name)) {
      fault("name", "it must not begin or end with white space");
    }
    if (name.codePoints().anyMatch(WebhookValidator::breaksLines)) {
      fault("name", "it must not hold control characters or line breaks");
    }
  }

  /** Whether a character is a control, a line or paragraph separator, or half a surrogate pair. */
  private static boolean breaksLines(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE -> true;
      default -> false;
    };
  }

  void method(@Nullable DeliveryMethod method, Set<DeliveryMethod> methods) {
    if (method == null) {
      fault("method", "it is required");
    } else if (!methods.contains(method)) {
      fault(
          "method",
          "this sender has no transport for " + method.id() + "; use "
              + methods.stream()
                  .map(DeliveryMethod::id)
                  .sorted()
                  .collect(Collectors.joining(" or ")));
    }
  }

  void url(@Nullable String url, @Nullable DeliveryMethod method, EndpointPolicy endpoints) {
    String entered = url == null ? "" : url;
    Set<String> rules = new LinkedHashSet<>(EndpointUrl.faults(entered));
    Matcher scheme = SCHEME.matcher(entered);
    if (method != null && scheme.lookingAt()) {
      boolean webSocket = scheme.group(1).length() == 2;
      if (webSocket != (method == DeliveryMethod.WEBSOCKET)) {
        rules.add("its scheme must be " + (webSocket ? "https or http" : "wss or ws")
            + " for the method " + method.id());
      }
    }
    if (!entered.isEmpty()) {
      rules.addAll(endpoints.faults(entered));
    }
    rules.forEach(rule -> fault("url", rule));
  }

  void headerName(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      fault("authentication.name", "it is required");
    } else if (!AuthenticationHeader.isName(name)) {
      fault(
          "authentication.name",
          "it must be the name of a header: at most " + AuthenticationHeader.MAX_NAME_LENGTH
              + " letters, digits and - without spaces, as X-Api-Key is");
    } else if (AuthenticationHeader.isReserved(name)) {
      fault("authentication.name", "it must not be one that HTTP or the sender sets itself");
    }
  }

  void headerValue(@Nullable String value) {
    if (value == null || value.isEmpty()) {
      fault("authentication.value", "it is required");
    } else if (!AuthenticationHeader.isValue(value)) {
      fault(
          "authentication.value",
          "it must be at most " + AuthenticationHeader.MAX_VALUE_LENGTH
              + " visible ASCII characters, with spaces and tabs only between them");
    }
  }

  /** Checks that a stored value is sent only to the endpoint for which it was entered. */
  void sameOrigin(@Nullable String url, Webhook stored) {
    String was = EndpointUrl.originOf(stored.url()).orElse("");
    boolean isSame = url != null
        && (url.equals(stored.url())
            || EndpointUrl.originOf(url).filter(was::equals).isPresent());
    if (!isSame && stored.authenticationHeader().isPresent()) {
      fault(
          "authentication.value",
          "enter it again: scheme, host or port of the url has changed, and the value that is"
              + " stored is sent only to the endpoint that it was entered for");
    }
  }

  void subscriptions(Collection<String> selectors) {
    if (selectors.isEmpty()) {
      fault("subscriptions", "at least one is required");
    } else if (selectors.size() > MAX_SUBSCRIPTIONS) {
      fault("subscriptions", "there must be at most " + MAX_SUBSCRIPTIONS);
    } else {
      for (String selector : selectors) {
        if (!isSubscription(selector)) {
          fault(
              "subscriptions",
              quoted(selector) + " is neither an event's name, as contact.created, nor a group's,"
                  + " as contact.*");
        }
      }
    }
  }

  private static boolean isSubscription(String selector) {
    try {
      EventName.of(selector.endsWith(ALL) ? eventOf(selector) : selector);
      return true;
    } catch (MalformedException e) {
      return false;
    }
  }

  /** An event's name in the group, to validate the group's name, which must have no dot. */
  private static String eventOf(String selector) {
    String group = selector.substring(0, selector.length() - ALL.length());
    return group.indexOf('.') < 0 ? group + ".x" : "";
  }

  private static String quoted(String text) {
    String cut = text.length() > MAX_QUOTED_LENGTH ? text.substring(0, MAX_QUOTED_LENGTH) : text;
    IntPredicate printable = c -> c >= ' ' && c < 0x7f;
    return cut.chars()
        .mapToObj(c -> printable.test(c) ? Character.toString(c) : "?")
        .collect(Collectors.joining("", "\"", "\""));
  }

  void reason(String reason) {
    if (reason.length() > Pause.MAX_REASON_LENGTH) {
      fault("reason", "it must have at most " + Pause.MAX_REASON_LENGTH + " characters");
    }
    if (reason.codePoints().anyMatch(WebhookValidator::breaksLines)) {
      fault("reason", "it must not hold control characters or line breaks");
    }
  }

  void check() {
    if (!faults.isEmpty()) {
      throw new InvalidWebhookException(faults);
    }
  }
}
