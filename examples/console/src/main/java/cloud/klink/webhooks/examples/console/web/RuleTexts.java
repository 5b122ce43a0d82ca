package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.sender.webhook.InvalidWebhookException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;

/**
 * The rules that a form breaks, in the reader's language. The sender words them in English; the
 * first words of a rule are its key in the message bundles, without what is quoted and without
 * numbers, which are filled in. A rule without a text stays English.
 */
@Component
class RuleTexts {
  private static final Pattern VARIABLE = Pattern.compile("\"[^\"]*\"|\\d+");
  private static final int WORDS = 8;

  private final MessageSource messages;

  RuleTexts(MessageSource messages) {
    this.messages = messages;
  }

  /** What is wrong, by the ids of the fields of the form. */
  FieldFaults of(InvalidWebhookException e) {
    Map<String, List<String>> faults = new LinkedHashMap<>();
    e.faults()
        .forEach((field, rules) ->
            faults.put(idOf(field), rules.stream().map(this::sentence).toList()));
    return new FieldFaults(faults);
  }

  private static String idOf(String field) {
    return switch (field) {
      case "authentication.name" -> "header";
      case "authentication.value" -> "value";
      case "subscriptions" -> "events";
      default -> field;
    };
  }

  private String sentence(String rule) {
    String english = rule.substring(0, 1).toUpperCase(Locale.ROOT) + rule.substring(1) + ".";
    Object[] variables =
        VARIABLE.matcher(rule).results().map(MatchResult::group).toArray();
    String text =
        messages.getMessage(key(rule), variables, english, LocaleContextHolder.getLocale());
    return text == null ? english : text;
  }

  static String key(String rule) {
    List<String> words = new ArrayList<>(Stream.of(
            VARIABLE.matcher(rule).replaceAll("").toLowerCase(Locale.ROOT).split("[^a-z]+", -1))
        .filter(word -> !word.isEmpty())
        .toList());
    return words.stream().limit(WORDS).collect(Collectors.joining("-", "rule.", ""));
  }
}
