package org.trawl.core.network;

import java.io.Serializable;

/**
 * The file that a network's weights start from. Whoever trains reads it; what it lacks starts as
 * the network's initializer says.
 *
 * @param address of the file; empty for none
 * @param content what identifies its bytes; empty for none
 */
public record InitialWeights(String address, String content) implements Serializable {
  /** All weights start as the initializer says. */
  public static final InitialWeights NONE = new InitialWeights("", "");

  /** Whether there is a file. */
  public boolean given() {
    return !address.isEmpty();
  }
}
