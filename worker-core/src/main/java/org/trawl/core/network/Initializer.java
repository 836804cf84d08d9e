package org.trawl.core.network;

/** How the weights of a layer start; biases start at 0. */
public enum Initializer {
  ZERO("zero"),
  /** Uniform in [0, 1) times 0.01. */
  RANDOM("random"),
  /** N(0, 1) times 0.01. */
  NORMAL("normal"),
  /** N(0, 1). */
  GAUSSIAN("gaussian"),
  /** Uniform within ±sqrt(6 / (inputs + outputs)); Glorot and Bengio 2010, equation 16. */
  GLOROT_UNIFORM("glorot-uniform"),
  /** Normal of variance 2 / (inputs + outputs); Glorot and Bengio 2010. */
  GLOROT_NORMAL("glorot-normal"),
  /** Uniform within ±sqrt(6 / inputs); He et al. 2015. */
  HE_UNIFORM("he-uniform"),
  /** Normal of variance 2 / inputs; He et al. 2015, equation 10. */
  HE_NORMAL("he-normal"),
  /** Normal of variance 1 / inputs; LeCun et al. 1998, section 4.6. */
  LECUN_NORMAL("lecun-normal");

  private final String key;

  Initializer(String key) {
    this.key = key;
  }

  /** The word for it in a sweep file. */
  public String key() {
    return key;
  }
}
