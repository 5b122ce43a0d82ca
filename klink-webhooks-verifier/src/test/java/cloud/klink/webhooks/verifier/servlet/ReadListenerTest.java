package cloud.klink.webhooks.verifier.servlet;

import static cloud.klink.webhooks.verifier.servlet.FilterExchange.CANONICAL;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.answer;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.RawClient;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The body behind the filter, read without blocking. */
class ReadListenerTest {
  @Test
  void readListener_behindTheFilter_readsToTheEnd() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    RawClient.Response response = answer(
        (request, out) -> {
          AsyncContext async = request.startAsync();
          ServletInputStream in = request.getInputStream();
          in.setReadListener(new Collecting(calls, in, async, out, done));
        },
        done);
    assertThat(response.body()).isEqualTo(new String(CANONICAL, StandardCharsets.UTF_8));
    assertThat(calls).containsExactly("data", "end");
  }

  @Test
  void readListener_thatReadsElsewhere_isToldTheEnd() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    RawClient.Response response = answer(
        (request, out) -> {
          AsyncContext async = request.startAsync();
          ServletInputStream in = request.getInputStream();
          in.setReadListener(new Collecting(calls, in, async, out, done) {
            @Override
            public void onDataAvailable() {
              async.start(this::readAll);
            }
          });
        },
        done);
    assertThat(response.body()).isEqualTo(new String(CANONICAL, StandardCharsets.UTF_8));
    assertThat(calls).endsWith("end").containsOnlyOnce("end");
  }

  @Test
  void readListener_thatFails_isToldSo() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    RawClient.Response response = answer(
        (request, out) -> {
          AsyncContext async = request.startAsync();
          ServletInputStream in = request.getInputStream();
          in.setReadListener(new Collecting(calls, in, async, out, done) {
            @Override
            public void onDataAvailable() {
              throw new IllegalStateException("on purpose");
            }
          });
        },
        done);
    assertThat(response.body()).isEqualTo("on purpose");
    assertThat(calls).containsExactly("error");
  }

  @Test
  void readListener_withoutAsync_isRefused() throws Exception {
    RawClient.Response response = answer((request, out) -> {
      ServletInputStream in = request.getInputStream();
      assertThatIllegalStateException()
          .isThrownBy(() ->
              in.setReadListener(new Collecting(List.of(), in, null, out, new CountDownLatch(0))));
      send(out, Fixtures.utf8("checked"));
    });
    assertThat(response.body()).isEqualTo("checked");
  }

  /** Reads all there is, answers with it at the end, and notes what it was told. */
  private static class Collecting implements ReadListener {
    private final List<String> calls;
    private final ServletInputStream in;
    private final AsyncContext async;
    private final HttpServletResponse out;
    private final CountDownLatch done;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Collecting(
        List<String> calls,
        ServletInputStream in,
        AsyncContext async,
        HttpServletResponse out,
        CountDownLatch done) {
      this.calls = calls;
      this.in = in;
      this.async = async;
      this.out = out;
      this.done = done;
    }

    @Override
    public void onDataAvailable() {
      calls.add("data");
      readAll();
    }

    void readAll() {
      byte[] some = new byte[5];
      try {
        while (in.isReady()) {
          int count = in.read(some);
          if (count < 0) {
            return;
          }
          bytes.write(some, 0, count);
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void onAllDataRead() throws IOException {
      calls.add("end");
      send(out, bytes.toByteArray());
      async.complete();
      done.countDown();
    }

    @Override
    public void onError(Throwable failure) {
      calls.add("error");
      try {
        send(out, Fixtures.utf8(failure.getMessage()));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      async.complete();
      done.countDown();
    }
  }
}
