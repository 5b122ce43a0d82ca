package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.http.HttpTransport;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What names stand for, and to which addresses of this machine connections are made: those count
 * that a listener accepted, whether a request came on them or not.
 */
class AddressTableTest {
  private static final String PRIVATE = "127.0.0.1";
  private static final String PUBLIC = "127.0.0.2";
  private static final String MARK = "127.0.0.99";
  private static final String NAME = "hooks.example.com";

  /** As on the internet, but for one address, at which this machine listens. */
  private static final EndpointPolicy POLICY = EndpointPolicy.publicHttp(PUBLIC);

  private final List<String> served = new CopyOnWriteArrayList<>();
  private final List<String> lookedUp = new CopyOnWriteArrayList<>();
  private @Nullable RawServer server;

  @BeforeEach
  void listen() throws IOException {
    server = RawServer.everywhere((socket, in, out) -> {
      served.add(socket.getLocalAddress().getHostAddress());
      if (!RawServer.head(in).isEmpty()) {
        RawServer.say(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      }
      socket.close();
    });
  }

  @AfterEach
  void stop() {
    server().close();
  }

  private RawServer server() {
    RawServer running = server;
    if (running == null) {
      throw new AssertionError("not started");
    }
    return running;
  }

  private String url(String host) {
    return "http://" + host + ":" + server().port() + "/hook";
  }

  private AttemptResult send(Dns resolver, String host) {
    try (HttpTransport transport = transport(resolver)) {
      return new Sending(transport).to(url(host));
    }
  }

  private HttpTransport transport(Dns resolver) {
    Dns watched = host -> {
      lookedUp.add(host);
      return resolver.lookup(host);
    };
    return HttpTransport.builder(POLICY)
        .client(new OkHttpClient.Builder().dns(watched).build())
        .build();
  }

  /**
   * The addresses that were connected to, one for each connection. Connections are accepted in
   * their order, so that all those before the mark have been seen when it was.
   */
  private List<String> connectedTo() throws IOException {
    int before = server().connections();
    new Socket(MARK, server().port()).close();
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> served.contains(MARK) && served.size() == server().connections());
    assertThat(server().connections()).isGreaterThan(before);
    List<String> addresses = new ArrayList<>(served);
    addresses.remove(MARK);
    return addresses;
  }

  private static Dns answering(String answers) {
    return host -> addresses(answers);
  }

  private static List<InetAddress> addresses(String answers) throws UnknownHostException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String address : answers.split(" ", -1)) {
      addresses.add(InetAddress.getByName(address));
    }
    return addresses;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1 127.0.0.2",
        "127.0.0.2 127.0.0.1",
        "::1 127.0.0.2",
        "127.0.0.2 ::1",
        "127.0.0.2 127.0.0.1 ::1 127.0.0.3",
        "169.254.169.254 10.0.0.1 127.0.0.1 127.0.0.2 192.168.0.1"
      })
  void send_toSeveralAddressesOneOfThemPublic_connectsToThatOnly(String answers)
      throws IOException {
    assertThat(send(answering(answers), NAME).succeeded()).isTrue();

    assertThat(connectedTo()).containsExactly(PUBLIC);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1 127.0.0.1",
        "127.0.0.1 ::1 127.0.0.3",
        "0.0.0.0",
        "::",
        "::1",
        "127.255.255.254",
        "10.0.0.1 172.16.0.1 192.168.0.1 169.254.169.254 100.64.0.1",
        "fd00::1 fe80::1 ::ffff:127.0.0.1"
      })
  void send_toPrivateAddressesOnly_connectsToNone(String answers) throws IOException {
    AttemptResult result = send(answering(answers), NAME);

    assertThat(result.outcome()).isEqualTo(AttemptOutcome.NOT_ALLOWED);
    assertThat(result.error()).contains(NAME);
    assertThat(connectedTo()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "mapped,              00000000000000000000ffff7f000001",
    "compatible,          0000000000000000000000007f000001",
    "translated,          0000000000000000ffff00007f000001",
    "NAT64,               0064ff9b00000000000000007f000001",
    "NAT64 of a network,  0064ff9b00010000000000007f000001",
    "6to4,                20027f00000100000000000000000001",
    "Teredo's server,     200100007f0000010000000000000000",
    "Teredo's client,     20010000080808080000000080fffffe",
    "mapped metadata,     00000000000000000000ffffa9fea9fe",
    "NAT64 of metadata,   0064ff9b0000000000000000a9fea9fe"
  })
  void send_toAPrivateAddressWithinAnother_connectsToNone(String kind, String hex)
      throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex);
    // else Java makes a mapped one what it stands for
    InetAddress address = Inet6Address.getByAddress(null, bytes, -1);
    assertThat(address).as(kind).isInstanceOf(Inet6Address.class);

    AttemptResult result = send(host -> List.of(address), NAME);

    assertThat(result.outcome()).as(kind).isEqualTo(AttemptOutcome.NOT_ALLOWED);
    assertThat(connectedTo()).isEmpty();
  }

  @Test
  void send_toANameThatChanges_connectsAsLongAsItIsPublic() throws IOException {
    List<String> answers = List.of(PUBLIC, PRIVATE, PUBLIC, "::1", PUBLIC + " " + PRIVATE);
    AtomicInteger next = new AtomicInteger();
    assertThat(POLICY.faults(url(NAME))).as("when it is saved").isEmpty();
    try (HttpTransport transport =
        transport(host -> addresses(answers.get(next.getAndIncrement())))) {
      Sending sending = new Sending(transport);

      assertThat(answers)
          .extracting(answer -> sending.to(url(NAME)).outcome())
          .containsExactly(
              AttemptOutcome.SUCCEEDED,
              AttemptOutcome.NOT_ALLOWED,
              AttemptOutcome.SUCCEEDED,
              AttemptOutcome.NOT_ALLOWED,
              AttemptOutcome.SUCCEEDED);
    }
    assertThat(connectedTo()).containsExactly(PUBLIC, PUBLIC, PUBLIC);
  }

  /** The resolver follows aliases, as resolvers do; what they end at counts. */
  @ParameterizedTest
  @CsvSource({
    "hooks.example.com, NOT_ALLOWED",
    "far.example.com,   NOT_ALLOWED",
    "cdn.example.com,   SUCCEEDED",
    "gone.example.com,  UNREACHABLE"
  })
  void send_toAnAlias_isJudgedByWhatItEndsAt(String host, AttemptOutcome outcome)
      throws IOException {
    Map<String, String> aliases = Map.of(
        "hooks.example.com", "db.corp",
        "far.example.com", "hooks.example.com",
        "cdn.example.com", "edge.example.net",
        "gone.example.com", "nowhere.corp");
    Map<String, String> records = Map.of("db.corp", PRIVATE, "edge.example.net", PUBLIC);
    Dns resolver = name -> {
      String canonical = name;
      while (aliases.containsKey(canonical)) {
        canonical = aliases.getOrDefault(canonical, canonical);
      }
      String found = records.get(canonical);
      if (found == null) {
        throw new UnknownHostException(name);
      }
      InetAddress address = InetAddress.getByName(found);
      return List.of(InetAddress.getByAddress(canonical, address.getAddress()));
    };

    AttemptResult result = send(resolver, host);

    assertThat(result.outcome()).isEqualTo(outcome);
    assertThat(result.error() + result.trace()).doesNotContain("corp").doesNotContain(PRIVATE);
    assertThat(connectedTo())
        .isEqualTo(outcome == AttemptOutcome.SUCCEEDED ? List.of(PUBLIC) : List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1.",
        "2130706433",
        "017700000001",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.1",
        "127.0.1",
        "127.000.000.001",
        "0",
        "[::1]",
        "[::]",
        "[::127.0.0.1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "a.localhost",
        "hooks.example.com.",
        "hooks.example.com..",
        "１２７.0.0.1",
        "127。0。0。1",
        "①②⑦.0.0.1",
        "%31%32%37.0.0.1",
        "me@127.0.0.1"
      })
  void send_toAnAddressOrADotInTheUrl_neitherLooksUpNorConnects(String host) throws IOException {
    AttemptResult result = send(answering(PRIVATE), host);

    assertThat(result.outcome()).isEqualTo(AttemptOutcome.NOT_ALLOWED);
    assertThat(lookedUp).isEmpty();
    assertThat(connectedTo()).isEmpty();
  }

  @Test
  void send_whenThePublicAddressRefuses_doesNotTurnToThePrivateOne() throws IOException {
    try (RawServer hidden = RawServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      for (List<String> answers : List.of(List.of(PUBLIC, PRIVATE), List.of(PRIVATE, PUBLIC))) {
        try (HttpTransport transport = transport(host -> addresses(String.join(" ", answers)))) {
          AttemptResult result =
              new Sending(transport).to("http://" + NAME + ":" + hidden.port() + "/hook");
          assertThat(result.outcome()).isEqualTo(AttemptOutcome.CONNECTION_REFUSED);
        }
      }
      try (Socket mark = new Socket(InetAddress.getLoopbackAddress(), hidden.port())) {
        RawServer.say(mark.getOutputStream(), "mark\r\n\r\n");
        await()
            .pollInterval(Duration.ofMillis(5))
            .until(() -> hidden.heads().contains(List.of("mark")));
      }
      assertThat(hidden.connections()).as("the mark alone").isEqualTo(1);
    }
  }
}
