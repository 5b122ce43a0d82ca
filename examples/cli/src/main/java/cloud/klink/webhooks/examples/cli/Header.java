package cloud.klink.webhooks.examples.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A header line.
 *
 * @param name its name
 * @param value its value
 */
record Header(String name, String value) {
  /** Reads {@code Name: value}. */
  static final class Converter implements ITypeConverter<Header> {
    @Override
    public Header convert(String line) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        // The line is not shown: it may be a token.
        throw new TypeConversionException("a header must be written as 'Name: value'");
      }
      return new Header(
          line.substring(0, colon).strip(), line.substring(colon + 1).strip());
    }
  }

  /** Tells the name only: the value may be a token. */
  @Override
  public String toString() {
    return name + ": ***";
  }
}
