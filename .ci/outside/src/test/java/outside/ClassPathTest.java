package outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** With the bill of materials, OkHttp and Okio come once, whatever else asks for them. */
class ClassPathTest {

  @Test
  void okHttp_besideALibraryThatAsksForVersion3_comesOnce() throws IOException {
    assertThat(placesOf("okhttp3/OkHttpClient.class")).singleElement().asString()
        .contains("okhttp-jvm");
  }

  @Test
  void okio_besideALibraryThatAsksForVersion1_comesOnce() throws IOException {
    assertThat(placesOf("okio/Buffer.class")).singleElement().asString().contains("okio-jvm");
  }

  private static Iterable<java.net.URL> placesOf(String resource) throws IOException {
    return Collections.list(ClassPathTest.class.getClassLoader().getResources(resource));
  }
}
