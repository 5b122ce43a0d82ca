package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.canonical.Dialect;
import java.util.Arrays;
import java.util.Iterator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Dialects on the command line, by their ids. */
final class DialectConverter implements ITypeConverter<Dialect> {
  @Override
  public Dialect convert(String id) {
    try {
      return Dialect.ofId(id);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "\"" + id + "\" is no dialect; use klink, python-ascii, go or go-number");
    }
  }

  /** The ids, for help texts. */
  static final class Ids implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Dialect.values()).map(Dialect::id).iterator();
    }
  }
}
