package cloud.klink.webhooks.verifier.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServletExchangeTest {
  @Test
  void address_ofALiteral_isRead() {
    assertThat(ServletExchange.address("51.79.216.180").getHostAddress())
        .isEqualTo("51.79.216.180");
    for (String loopback : new String[] {"::1", "[::1]", "0:0:0:0:0:0:0:1%lo", "[::1%1]"}) {
      assertThat(ServletExchange.address(loopback).isLoopbackAddress()).isTrue();
    }
  }

  @Test
  void address_ofAnythingElse_isUnknown() {
    for (String none :
        new String[] {null, "", "localhost", "unknown", "_hidden", "300.1.1.1", "[]"}) {
      assertThat(ServletExchange.address(none)).isNull();
    }
  }
}
