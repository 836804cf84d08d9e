package org.trawl.driver.sweep;

import java.util.Collection;
import java.util.Map;

/**
 * What people call the classes of a data set of the catalogue. They are for the eye only: tables,
 * models and hashes have the classes as the data set's files write them.
 *
 * @param names by class; empty where classes are called by themselves
 */
public record ClassNames(Map<String, String> names) {
  /** Classes that are called by themselves. */
  public static final ClassNames NONE = new ClassNames(Map.of());

  public ClassNames {
    names = Map.copyOf(names);
  }

  /** Of a data set, as the installed catalogue has it; reads the catalogue. */
  public static ClassNames ofSource(Object source) {
    try {
      return Catalogue.installed().classNames(String.valueOf(source)).orElse(NONE);
    } catch (InputException unreadable) { // then nothing says what they are called
      return NONE;
    }
  }

  /** Of some classes: none where the catalogue knows others, as it means another data set then. */
  public ClassNames where(Collection<?> classes) {
    return names.keySet().containsAll(classes) ? this : NONE;
  }

  /** Whether classes have names besides. */
  public boolean given() {
    return !names.isEmpty();
  }

  /** What a class is called. */
  public Object called(Object type) {
    return type instanceof String text ? names.getOrDefault(text, text) : type;
  }

  /** What a class is called. */
  public String called(String type) {
    return names.getOrDefault(type, type);
  }
}
