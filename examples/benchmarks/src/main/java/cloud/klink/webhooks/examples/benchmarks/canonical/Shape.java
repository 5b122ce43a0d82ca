package cloud.klink.webhooks.examples.benchmarks.canonical;

import java.util.Locale;

/** How a body is printed that says the same. */
public enum Shape {
  /** Canonical as it stands, which is how this library's sender prints it. */
  SORTED {
    @Override
    byte[] body(int size) {
      return Bodies.sorted(size);
    }
  },

  /** Compact, with the members of each object in random order. */
  SHUFFLED {
    @Override
    byte[] body(int size) {
      return Bodies.shuffled(size);
    }
  },

  /** Sorted, with line breaks and indentation. */
  PRETTY {
    @Override
    byte[] body(int size) {
      return Bodies.pretty(size);
    }
  };

  abstract byte[] body(int size);

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
