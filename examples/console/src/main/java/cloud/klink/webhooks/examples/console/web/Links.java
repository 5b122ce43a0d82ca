package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.examples.console.service.WebhookFilter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.web.servlet.view.RedirectView;
import org.springframework.web.util.UriComponentsBuilder;

/** Addresses of pages with their parameters. */
final class Links {
  private Links() {}

  /** Leaves out what is empty. */
  static String to(String path, Map<String, String> parameters) {
    UriComponentsBuilder link = UriComponentsBuilder.fromPath(path);
    Map<String, Object> values = new LinkedHashMap<>();
    parameters.forEach((name, value) -> {
      if (!value.isEmpty()) {
        link.queryParam(name, "{" + name + "}");
        values.put(name, value);
      }
    });
    return link.encode().buildAndExpand(values).toUriString();
  }

  static String to(WebhookFilter filter, int page) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("environment", filter.environment().id());
    parameters.put("q", filter.text());
    parameters.put(
        "status",
        filter.status() == WebhookFilter.Status.ALL
            ? ""
            : filter.status().name().toLowerCase(Locale.ROOT));
    parameters.put("event", filter.event());
    parameters.put(
        "sort",
        filter.sort() == WebhookFilter.Sort.NAME
            ? ""
            : filter.sort().name().toLowerCase(Locale.ROOT));
    parameters.put("page", page <= 1 ? "" : Integer.toString(page));
    return to("/webhooks", parameters);
  }

  /** Sees no placeholders in what people typed. */
  static RedirectView redirect(String link) {
    RedirectView view = new RedirectView(link, true);
    view.setExpandUriTemplateVariables(false);
    view.setExposeModelAttributes(false);
    return view;
  }

  static RedirectView toWebhook(String id, Notice notice) {
    return redirect(to("/webhooks/" + id, Map.of("notice", notice.id())));
  }
}
