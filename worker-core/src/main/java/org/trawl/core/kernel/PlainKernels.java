package org.trawl.core.kernel;

/** The operations as simple loops: what runs without the Vector API. */
final class PlainKernels implements Kernels {
  static final PlainKernels INSTANCE = new PlainKernels();

  private PlainKernels() {}

  @Override
  public String name() {
    return "plain";
  }
}
