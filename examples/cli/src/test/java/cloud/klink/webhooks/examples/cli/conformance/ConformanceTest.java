package cloud.klink.webhooks.examples.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConformanceTest {
  private static final int LINES = 40_000;

  /** A vector that fails, of 1 KiB. */
  private static final byte[] LINE = ("{\"name\":\"" + "x".repeat(832)
          + "\",\"dialect\":\"klink\",\"secret\":\"s\",\"method\":\"POST\",\"url\":\"http://x/\","
          + "\"body\":\"\",\"canonical\":\"\",\"signature\":\"\",\"why\":\"it must be told of\"}")
      .getBytes(StandardCharsets.UTF_8);

  /** Makes its bytes when they are read. */
  private static final class ManyLines extends InputStream {
    private long position;

    @Override
    public int read() {
      if (position == (long) LINES * (LINE.length + 1)) {
        return -1;
      }
      int inLine = (int) (position++ % (LINE.length + 1));
      return inLine == LINE.length ? '\n' : LINE[inLine];
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      int count = 0;
      for (int c; count < length && (c = read()) >= 0; count++) {
        buffer[offset + count] = (byte) c;
      }
      return count == 0 ? -1 : count;
    }
  }

  @Test
  void file_ofAnyLength_isReadOnlyAFewMegabytesAheadOfWhatIsTold() throws IOException {
    ManyLines file = new ManyLines();
    AtomicLong told = new AtomicLong();
    AtomicLong mostAhead = new AtomicLong();
    try (Conformance conformance = new Conformance(failure -> {
      long ahead = file.position - told.incrementAndGet() * (LINE.length + 1);
      mostAhead.accumulateAndGet(ahead, Math::max);
    })) {
      conformance.check("many", file);
      assertThat(conformance.failed()).isEqualTo(LINES);
      assertThat(conformance.passed()).isZero();
    }
    assertThat(mostAhead.get()).isLessThan(5 << 20);
  }
}
