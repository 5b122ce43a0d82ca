package cloud.klink.webhooks.verifier.servlet;

import static cloud.klink.webhooks.verifier.servlet.FilterExchange.post;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.send;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.RawClient;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import jakarta.servlet.http.HttpServlet;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Which path the filter guards, and which query a servlet behind it sees. */
class FilterTargetTest {
  private final List<VerifiedWebhook> received = new CopyOnWriteArrayList<>();

  @Test
  void query_behindTheFilter_isThePublicUrls() throws Exception {
    HttpServlet servlet = servlet((request, out) -> {
      assertThat(request.getQueryString()).isEqualTo(Fixtures.QUERY);
      assertThat(request.getParameter("env")).isEqualTo("production");
      assertThat(request.getParameterValues("tag")).containsExactly("b", "a");
      assertThat(request.getParameter("none")).isNull();
      assertThat(request.getParameterValues("none")).isNull();
      assertThat(Collections.list(request.getParameterNames())).containsExactly("env", "tag");
      assertThat(request.getParameterMap()).containsOnlyKeys("env", "tag");
      send(out, Fixtures.utf8("checked"));
    });
    WebhookFilter filter = new WebhookFilter(Fixtures.verifier().build());
    assertThat(post(filter, servlet, "/klink?tag=a&%65nv=production&tag=b").body())
        .isEqualTo("checked");
  }

  @Test
  void query_thatOnlyPrintsLikeThePublicUrls_isRefused() throws Exception {
    WebhookVerifier verifier = WebhookVerifier.builder()
        .publicUrl("https://hooks.example.com/klink?env=production&tenant=5")
        .secret(Fixtures.SECRET)
        .build();
    RawClient.Response response = post(
        new WebhookFilter(verifier),
        servlet((request, out) -> received.add(WebhookFilter.webhook(request))),
        "/klink?env=production%5D%26tenant%3D%5B5");
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.body()).contains("wrong_query");
    assertThat(received).isEmpty();
  }

  @Test
  void path_thatIsNotGuarded_isNotReached() throws Exception {
    WebhookFilter filter = new WebhookFilter(Fixtures.verifier().build());
    for (String path : List.of(
        "/admin/delete-everything", "/klink/", "/klink;a=b", "/%6blink", "/klink/../admin", "/")) {
      RawClient.Response response = post(
          filter,
          servlet((request, out) -> received.add(WebhookFilter.webhook(request))),
          path + "?" + Fixtures.QUERY);
      assertThat(response.status()).as(path).isEqualTo(404);
    }
    assertThat(received).isEmpty();
  }

  @Test
  void path_withAQuery_isRefused() {
    WebhookFilter.Builder builder = WebhookFilter.builder(Fixtures.verifier().build());
    for (String path : List.of("", "klink", "/klink?a=b")) {
      assertThatThrownBy(() -> builder.path(path).build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("path");
    }
  }
}
