package cloud.klink.webhooks.examples.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * An output of the process. When nobody reads it any more, the process ends at once, as other
 * programs do of a SIGPIPE, instead of working on for nobody.
 */
final class PipeOutput extends OutputStream {
  /** What a shell reports of a program that SIGPIPE ended: 128 + 13. */
  private static final int BROKEN_PIPE = 141;

  /** As BSD's sysexits.h has it. */
  private static final int INPUT_OUTPUT_ERROR = 74;

  private final OutputStream out;

  PipeOutput(FileDescriptor descriptor) {
    this.out = new FileOutputStream(descriptor);
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("Broken pipe")) {
        System.err.println("cannot write the output: " + e.getMessage());
        Runtime.getRuntime().halt(INPUT_OUTPUT_ERROR);
      }
      Runtime.getRuntime().halt(BROKEN_PIPE);
    }
  }
}
