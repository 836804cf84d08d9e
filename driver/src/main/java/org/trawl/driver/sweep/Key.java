package org.trawl.driver.sweep;

import java.util.List;
import java.util.Optional;

/**
 * A key of a trial: one entry of the data, network or training section of a sweep file, one column
 * of the table trials.
 *
 * @param path as written in a sweep file, such as training.learning-rate
 * @param column its name in tables, such as learning_rate
 * @param defaultValue of the Java type that {@code type} names; empty for a required key
 * @param choices the words that a TEXT key accepts; empty for any
 * @param meaning one sentence, with unit and range
 */
public record Key(
    String path,
    String column,
    KeyType type,
    Optional<Object> defaultValue,
    List<String> choices,
    String meaning) {

  public Key {
    choices = List.copyOf(choices);
  }
}
