package cloud.klink.webhooks.canonical;

import cloud.klink.webhooks.internal.Pool;

/** The memory and machinery for one body at a time: scan it once, then print it in any dialect. */
final class Canonicalizer {
  /** A canonicalizer that had to grow beyond this many bytes is not kept. */
  private static final int KEPT = 8 << 20;

  private static final Pool<Canonicalizer> POOL = new Pool<>(Canonicalizer::new);

  private final JsonScanner scanner = new JsonScanner();
  private final JsonPrinter printer = new JsonPrinter(scanner);

  private Canonicalizer() {}

  static Canonicalizer take() {
    return POOL.take();
  }

  void give() {
    if (scanner.footprint() + printer.footprint() <= KEPT) {
      POOL.give(this);
    }
  }

  /** Scans a body and returns its {@link Features}. */
  int scan(byte[] body) {
    scanner.tokens.load(body);
    scanner.scan();
    return scanner.tokens.features;
  }

  /** Prints the scanned body into a new array. */
  byte[] print(Dialect dialect) {
    return printer.print(dialect);
  }
}
