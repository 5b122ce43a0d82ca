package cloud.klink.webhooks.verifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Sends a verifier bodies that cost as much as they can; run by a test in a small heap. */
final class HostileRequests {
  private static final int LENGTH = 1 << 20;
  private static final int THREADS = 16;
  private static final int ROUNDS = 4;

  private HostileRequests() {}

  /** Bodies of about 1 MiB. */
  static List<byte[]> bodies() {
    List<byte[]> bodies = new ArrayList<>();
    for (String element : new String[] {
      "1e20",
      "-0",
      "3E-310",
      "0 ",
      "[]",
      "{}",
      "[ ]",
      "{ }",
      "\"\"",
      "1.00",
      "{\"\":0}",
      "{\"b\":0 ,\"a\":0}",
      "{\"b\":1,\"a\":2}",
      "\"\\/\"",
      "[[[[[0 ]]]]]"
    }) {
      bodies.add(repeated(i -> element, "[", "]"));
    }
    for (String part : new String[] {"<", "\u007f", "\\/", "\\u0041", "\u2028", ":", "é"}) {
      bodies.add(Fixtures.utf8("\"" + part.repeat(LENGTH / Fixtures.utf8(part).length) + "\""));
    }
    bodies.add(repeated(i -> "\"" + (999_999 - i) + "\":0", "{", "}"));
    bodies.add(repeated(i -> "\"\\u0061" + (999_999 - i) + "\" :-0", "{", "}"));
    bodies.add(repeated(i -> "{\"b\":0 ,\"a\":".repeat(990) + "0" + "}".repeat(990), "[", "]"));
    bodies.add(repeated(i -> "[ ".repeat(990) + "]".repeat(990), "[", "]"));
    return bodies;
  }

  private static byte[] repeated(IntFunction<String> element, String open, String close) {
    StringBuilder json = new StringBuilder(open);
    for (int i = 0; ; i++) {
      String next = (i == 0 ? "" : ",") + element.apply(i);
      if (json.length() + next.length() >= LENGTH) {
        return Fixtures.utf8(json.append(close).toString());
      }
      json.append(next);
    }
  }

  /** Prints what became of the requests. */
  public static void main(String[] args) throws InterruptedException {
    WebhookVerifier verifier = Fixtures.verifier().build();
    List<byte[]> bodies = bodies();
    Map<String, Integer> outcomes = new ConcurrentHashMap<>();
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    for (int i = 0; i < ROUNDS * bodies.size(); i++) {
      byte[] body = bodies.get(i % bodies.size());
      executor.execute(() -> outcomes.merge(outcome(verifier, body), 1, Integer::sum));
    }
    executor.shutdown();
    if (!executor.awaitTermination(5, TimeUnit.MINUTES)) {
      throw new IllegalStateException("It takes too long");
    }
    byte[] event = Fixtures.event("room.solved", "evt_1");
    verifier.verify(Fixtures.request(event).build());
    System.out.println(new TreeMap<>(outcomes) + ", accepted afterwards");
  }

  private static String outcome(WebhookVerifier verifier, byte[] body) {
    try {
      verifier.verify(IncomingRequest.builder()
          .header("X-Signature", "0".repeat(64))
          .body(body)
          .build());
      return "thrown: nothing";
    } catch (WebhookRefusedException e) {
      return e.reason().code();
    } catch (Throwable e) {
      return "thrown: " + e;
    }
  }
}
