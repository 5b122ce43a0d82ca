package cloud.klink.webhooks.examples.console;

import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jsoup.Connection.KeyVal;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.FormElement;

/** A browser without script: it follows links and redirects, fills in forms and keeps cookies. */
final class Browser {
  private final String root;
  private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
  private final HttpClient client = HttpClient.newBuilder()
      .cookieHandler(cookies)
      .followRedirects(HttpClient.Redirect.NORMAL)
      .connectTimeout(Duration.ofSeconds(10))
      .build();

  Browser(String root) {
    this.root = root;
  }

  /** A page as it was answered. */
  record Page(HttpResponse<String> response, Document document) {
    int status() {
      return response.statusCode();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /** The path and the query that it was found at, after redirects. */
    String at() {
      URI uri = response.uri();
      return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }

    String text() {
      return document.select("main, .notice").text();
    }

    Element one(String selector) {
      return document.expectFirst(selector);
    }

    List<String> texts(String selector) {
      return document.select(selector).eachText();
    }

    /** The form that a button or a field belongs to. */
    FormElement form(String selector) {
      Element found = one(selector);
      return (FormElement) (found instanceof FormElement ? found : found.closest("form"));
    }

    FormElement formTo(String action) {
      return form("form[action='" + action + "']");
    }
  }

  Page get(String path) {
    return send(request(path).GET().build());
  }

  Page click(Page page, String linkText) {
    Element link = page.document().select("main a").stream()
        .filter(one -> one.text().equals(linkText))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no link " + linkText + " in " + page.text()));
    return get(link.attr("href"));
  }

  /** Sends a form as it stands. */
  Page submit(FormElement form) {
    return submit(form, Map.of());
  }

  /** Sends a form with some of its fields changed; null leaves one out. */
  Page submit(FormElement form, Map<String, List<String>> changes) {
    List<KeyVal> data = new ArrayList<>();
    for (KeyVal field : form.formData()) {
      if (!changes.containsKey(field.key())) {
        data.add(field);
      }
    }
    String body = data.stream()
        .map(field -> pair(field.key(), field.value()))
        .collect(Collectors.joining("&"));
    String changed = changes.entrySet().stream()
        .flatMap(field -> field.getValue().stream().map(value -> pair(field.getKey(), value)))
        .collect(Collectors.joining("&"));
    String all = body + (body.isEmpty() || changed.isEmpty() ? "" : "&") + changed;
    String action = form.attr("action");
    return form.attr("method").equals("post") ? post(action, all) : get(action + "?" + all);
  }

  Page post(String path, String form) {
    return send(request(path)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(form))
        .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(root).resolve(path))
        .header("Accept", "text/html,*/*;q=0.8")
        .timeout(Duration.ofSeconds(20));
  }

  private Page send(HttpRequest request) {
    try {
      HttpResponse<String> response =
          client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new Page(response, Jsoup.parse(response.body(), root));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  List<String> cookieNames() {
    return cookies.getCookieStore().getCookies().stream()
        .map(one -> one.getName())
        .toList();
  }

  private static String pair(String name, String value) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8) + "="
        + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
