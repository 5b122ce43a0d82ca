package cloud.klink.webhooks.verifier.servlet;

import static cloud.klink.webhooks.verifier.servlet.FilterExchange.AUTHENTICATED;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.CANONICAL;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.SENT;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.answer;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.send;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.sendEvent;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.RawClient;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServlet;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a servlet behind the filter reads of the body and its description. */
class AuthenticatedBodyTest {
  @Test
  void inputStream_behindTheFilter_isTheCanonicalBody() throws Exception {
    RawClient.Response response =
        answer((request, out) -> send(out, request.getInputStream().readAllBytes()));
    assertThat(response.body()).isEqualTo(new String(CANONICAL, StandardCharsets.UTF_8));
  }

  @Test
  void inputStream_byteForByte_isTheCanonicalBody() throws Exception {
    RawClient.Response response = answer((request, out) -> {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ServletInputStream in = request.getInputStream();
      assertThat(in.available()).isEqualTo(CANONICAL.length);
      for (int b = in.read(); b >= 0; b = in.read()) {
        bytes.write(b);
      }
      assertThat(in.isFinished()).isTrue();
      send(out, bytes.toByteArray());
    });
    assertThat(response.body()).isEqualTo(new String(CANONICAL, StandardCharsets.UTF_8));
  }

  @Test
  void reader_behindTheFilter_isTheCanonicalBodyInUtf8() throws Exception {
    RawClient.Response response =
        answer((request, out) -> send(out, Fixtures.utf8(request.getReader().readLine())));
    assertThat(response.body()).isEqualTo(new String(CANONICAL, StandardCharsets.UTF_8));
  }

  @Test
  void reader_afterTheInputStream_isRefused() throws Exception {
    RawClient.Response response = answer((request, out) -> {
      assertThat(request.getInputStream()).isSameAs(request.getInputStream());
      assertThatIllegalStateException().isThrownBy(request::getReader);
      send(out, Fixtures.utf8("checked"));
    });
    assertThat(response.body()).isEqualTo("checked");
  }

  @Test
  void inputStream_afterTheReader_isRefused() throws Exception {
    RawClient.Response response = answer((request, out) -> {
      assertThat(request.getReader()).isSameAs(request.getReader());
      assertThatIllegalStateException().isThrownBy(request::getInputStream);
      send(out, Fixtures.utf8("checked"));
    });
    assertThat(response.body()).isEqualTo("checked");
  }

  @Test
  void headers_behindTheFilter_describeTheCanonicalBody() throws Exception {
    RawClient.Response response = answer((request, out) -> {
      assertThat(request.getContentLength()).isEqualTo(CANONICAL.length);
      assertThat(request.getContentLengthLong()).isEqualTo(CANONICAL.length);
      assertThat(request.getIntHeader("content-length")).isEqualTo(CANONICAL.length);
      assertThat(request.getHeader("content-length")).isEqualTo("" + CANONICAL.length);
      assertThat(Collections.list(request.getHeaders("Content-Length")))
          .containsExactly("" + CANONICAL.length);
      assertThat(request.getHeader("Transfer-Encoding")).isNull();
      assertThat(Collections.list(request.getHeaders("Transfer-Encoding"))).isEmpty();
      assertThat(Collections.list(request.getHeaderNames()))
          .contains("Content-Length", "X-Signature")
          .doesNotContain("Transfer-Encoding");
      assertThat(request.getIntHeader("X-None")).isEqualTo(-1);
      assertThat(request.getCharacterEncoding()).isEqualTo("UTF-8");
      send(out, Fixtures.utf8("checked"));
    });
    assertThat(response.body()).isEqualTo("checked");
  }

  @Test
  void description_ofTheBodyThatCameIn_isNotHandedOn() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    HttpServlet servlet = servlet((request, out) -> {
      told.add(request.getContentType());
      told.add(request.getHeader("content-type"));
      told.addAll(Collections.list(request.getHeaders("Content-Type")));
      told.add(request.getCharacterEncoding());
      request.setCharacterEncoding("UTF-16");
      told.add(request.getReader().readLine());
      assertThat(Collections.list(request.getHeaderNames()))
          .doesNotContain("Content-Encoding", "Content-Digest");
      assertThat(request.getHeader("Content-Encoding")).isNull();
      assertThatThrownBy(request::getParts).isInstanceOf(ServletException.class);
      assertThatThrownBy(() -> request.getPart("a")).isInstanceOf(ServletException.class);
      send(out, Fixtures.utf8("checked"));
    });
    try (Jetty jetty = new Jetty(servlet, new WebhookFilter(Fixtures.verifier().build()));
        RawClient client = new RawClient(jetty.port())) {
      client.head(
          "POST /klink?" + Fixtures.QUERY,
          "X-Signature: " + Fixtures.sign(CANONICAL),
          "Content-Type: multipart/form-data; boundary=x; charset=GBK",
          "Content-Encoding: gzip",
          "Content-Digest: sha-256=:AAAA:",
          "Content-Length: " + SENT.length);
      client.bytes(SENT);
      assertThat(client.response().body()).isEqualTo("checked");
    }
    assertThat(told)
        .containsExactly(
            "application/json",
            "application/json",
            "application/json",
            "UTF-8",
            new String(CANONICAL, StandardCharsets.UTF_8));
  }

  @Test
  void characterEncoding_setBeforeTheFilter_changesNothing() throws Exception {
    for (String encoding : List.of("UTF-16", "GBK", "ISO-8859-1")) {
      Filter before = (request, response, chain) -> {
        request.setCharacterEncoding(encoding);
        response.setCharacterEncoding(encoding);
        chain.doFilter(request, response);
      };
      try (Jetty jetty = new Jetty(
              servlet(FilterExchange::answerAsAuthenticated),
              before,
              new WebhookFilter(Fixtures.verifier().build()));
          RawClient client = new RawClient(jetty.port())) {
        sendEvent(client);
        assertThat(client.response().body()).as(encoding).isEqualTo(AUTHENTICATED);
      }
    }
  }
}
