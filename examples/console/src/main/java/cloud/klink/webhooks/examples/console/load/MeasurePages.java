package cloud.klink.webhooks.examples.console.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures the pages of a console that runs on a database that {@link LoadDatabase} has filled: 200
 * requests after 50, one at a time. Argument: the console's address.
 */
public final class MeasurePages {
  private static final int WARM_UP = 50;
  private static final int REQUESTS = 200;
  private static final Pattern WEBHOOK = Pattern.compile("/webhooks/(wh[^/\"?]+)/edit");
  private static final Pattern DELIVERY = Pattern.compile("/deliveries/(d[0-9]+)\"");

  private final HttpClient client = HttpClient.newHttpClient();
  private final String root;

  private MeasurePages(String root) {
    this.root = root;
  }

  /**
   * Prints a line for each page.
   *
   * @param arguments the console's address, as {@code http://127.0.0.1:8081}
   * @throws IOException if it does not answer
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    new MeasurePages(arguments[0]).measure();
  }

  private void measure() throws IOException, InterruptedException {
    String all = "?environment=production";
    String webhook = first(WEBHOOK, get("/webhooks" + all));
    String delivery = first(DELIVERY, get("/deliveries" + all));
    System.out.println("p50 ms  p95 ms      KB  page");
    for (Map.Entry<String, String> page : pages(all, webhook, delivery).entrySet()) {
      measure(page.getKey(), page.getValue());
    }
  }

  private static Map<String, String> pages(String all, String webhook, String delivery) {
    Instant day = Instant.now().minus(Duration.ofDays(15));
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("webhooks", "/webhooks" + all);
    pages.put("webhooks, page 20", "/webhooks" + all + "&page=20");
    pages.put("webhooks, search", "/webhooks" + all + "&q=hooks7.");
    pages.put("webhooks, most failures", "/webhooks" + all + "&sort=failures");
    pages.put("a webhook", "/webhooks/" + webhook);
    for (String range : List.of("1h", "24h", "7d", "30d")) {
      pages.put("its charts, " + range, "/webhooks/" + webhook + "/charts?range=" + range);
      pages.put("all charts, " + range, "/charts" + all + "&range=" + range);
    }
    pages.put("log", "/deliveries" + all);
    pages.put("log of a webhook", "/deliveries" + all + "&webhook=" + webhook);
    pages.put("log, 5xx", "/deliveries" + all + "&answer=5xx");
    pages.put("log, failed", "/deliveries" + all + "&status=failed");
    pages.put("log, any failure", "/deliveries" + all + "&answer=failure");
    pages.put(
        "log of a webhook, any failure",
        "/deliveries" + all + "&answer=failure&webhook=" + webhook);
    pages.put("log, held", "/deliveries" + all + "&status=held");
    pages.put("log, retried", "/deliveries" + all + "&retried=1");
    pages.put("log, an event name", "/deliveries" + all + "&event=room.solved");
    pages.put("log, an id", "/deliveries" + all + "&id=" + delivery);
    pages.put("log, before 15 days", "/deliveries" + all + "&to=" + day);
    pages.put("a delivery", "/deliveries/" + delivery);
    pages.put("redeliver, all", "/deliveries/redeliver" + all);
    for (String condition : List.of(
        "answer=2xx",
        "answer=5xx",
        "answer=failure",
        "event=room.solved",
        "event=nobody.uses",
        "status=waiting",
        "status=discarded",
        "retried=1",
        "webhook=" + webhook)) {
      pages.put("redeliver, " + condition, "/deliveries/redeliver" + all + "&" + condition);
    }
    pages.put("redeliveries", "/redeliveries");
    pages.put("new webhook", "/webhooks/new" + all);
    for (String action :
        List.of("edit", "test/choose", "regenerate", "pause", "resume", "delete")) {
      pages.put(action, "/webhooks/" + webhook + "/" + action);
    }
    return pages;
  }

  private void measure(String name, String path) throws IOException, InterruptedException {
    long[] nanos = new long[REQUESTS];
    int size = 0;
    for (int i = -WARM_UP; i < REQUESTS; i++) {
      long start = System.nanoTime();
      size = get(path).length();
      if (i >= 0) {
        nanos[i] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%6.1f  %6.1f  %6.1f  %s%n",
        nanos[REQUESTS / 2] / 1e6,
        nanos[REQUESTS * 95 / 100] / 1e6,
        size / 1024.0,
        name);
  }

  private String get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(
        HttpRequest.newBuilder(URI.create(root + path))
            .header("Accept", "text/html")
            .timeout(Duration.ofSeconds(60))
            .build(),
        HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(path + " was answered " + response.statusCode());
    }
    return response.body();
  }

  private static String first(Pattern pattern, String page) {
    Matcher found = pattern.matcher(page);
    if (!found.find()) {
      throw new IllegalStateException("nothing is loaded: no " + pattern);
    }
    return found.group(1);
  }
}
