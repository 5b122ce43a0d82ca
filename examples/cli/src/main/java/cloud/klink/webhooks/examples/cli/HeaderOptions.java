package cloud.klink.webhooks.examples.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Header lines that are added to what is sent. */
final class HeaderOptions {
  @Option(
      names = {"-H", "--header"},
      paramLabel = "LINE",
      converter = Header.Converter.class,
      description =
          "A header line to add, as 'Authorization: token'. Other users of this machine may"
              + " see it in the list of processes. May be repeated.")
  private List<Header> headers = new ArrayList<>();

  List<Header> all() {
    return headers;
  }
}
