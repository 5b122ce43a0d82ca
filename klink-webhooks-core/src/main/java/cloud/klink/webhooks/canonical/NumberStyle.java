package cloud.klink.webhooks.canonical;

/** How a dialect prints numbers, and which of them it thereby takes for others. */
enum NumberStyle {
  /** Integers as they were written, other numbers through a double, as {@code repr} prints it. */
  PYTHON(Features.ROUNDED),

  /** Every number through a double. */
  GO(Features.ROUNDED | Features.LARGE_INTEGER),

  /** Every number as it was written. */
  WRITTEN(0);

  /** The features of numbers that share their printed form with numbers of another value. */
  final int inexact;

  NumberStyle(int inexact) {
    this.inexact = inexact;
  }

  /** The features of numbers that another style prints otherwise. */
  int differences(NumberStyle other) {
    if (this == other) {
      return 0;
    }
    if (this != WRITTEN && other != WRITTEN) {
      return Features.PYTHON_IS_NOT_GO;
    }
    return this == GO || other == GO ? Features.GO_IS_NOT_WRITTEN : Features.PYTHON_IS_NOT_WRITTEN;
  }
}
