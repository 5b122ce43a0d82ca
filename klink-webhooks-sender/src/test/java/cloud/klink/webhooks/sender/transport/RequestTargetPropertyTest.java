package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.internal.url.EndpointUrl;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import java.io.IOException;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What a receiver sees in the request line is what was entered. */
class RequestTargetPropertyTest {
  private static final MockWebServer SERVER = new MockWebServer();
  private static final HttpTransport TRANSPORT =
      HttpTransport.builder(EndpointPolicy.forDevelopment()).build();

  @BeforeContainer
  static void start() throws IOException {
    SERVER.setDispatcher(new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        return new MockResponse.Builder().build();
      }
    });
    SERVER.start();
  }

  @AfterContainer
  static void stop() {
    TRANSPORT.close();
    SERVER.close();
  }

  /** Every visible character, the troublesome ones often. */
  @Provide
  Arbitrary<String> targets() {
    Arbitrary<String> piece = Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(6, Arbitraries.strings().withCharRange('!', '~').ofLength(1)),
        net.jqwik.api.Tuple.of(6, Arbitraries.strings().alpha().numeric().ofMaxLength(3)),
        net.jqwik.api.Tuple.of(
            3,
            Arbitraries.of(
                "/",
                "//",
                ".",
                "..",
                "/./",
                "/../",
                "%2e",
                "%2E%2e",
                "%2F",
                "%00",
                "%",
                "%zz",
                "%E1%9E%80",
                "%ff",
                "+",
                "&",
                "&&",
                "=",
                "?",
                "??",
                "'",
                "[]",
                ";",
                "@",
                ":",
                "~",
                "%27",
                "%25",
                "|",
                "\\",
                "^",
                "{",
                "é",
                " ",
                "\t")));
    return piece.list().ofMaxSize(8).map(pieces -> String.join("", pieces));
  }

  @Property(tries = 1_000)
  void send_toAnyUrlThatIsAccepted_asksForWhatWasEntered(@ForAll("targets") String target)
      throws InterruptedException {
    String url = "http://127.0.0.1:" + SERVER.getPort() + "/" + target;
    Assume.that(EndpointUrl.faults(url).isEmpty());

    assertThat(new Sending(TRANSPORT).to(url).error()).isEmpty();

    assertThat(SERVER.takeRequest().getTarget()).isEqualTo("/" + target);
  }

  @Property(tries = 1_000)
  void target_ofAnyUrlThatIsAccepted_isWhatWasEntered(@ForAll("targets") String target) {
    for (String scheme : new String[] {"http", "HTTPS", "ws", "wss"}) {
      String url = scheme + "://Example.com:8080/" + target;
      Assume.that(EndpointUrl.faults(url).isEmpty());

      assertThat(EndpointUrl.of(url).target()).isEqualTo("/" + target);
      assertThat(EndpointUrl.of(url).host()).isEqualTo("example.com");
    }
  }
}
