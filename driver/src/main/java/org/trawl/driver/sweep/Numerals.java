package org.trawl.driver.sweep;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/** What number a text that is none may have been meant to be. */
final class Numerals {
  private static final String NUMBER = "[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?";

  private Numerals() {}

  /** " (cure: 0.1)" for 0,1 or 10 %; empty where nothing is near. */
  static String cure(Object found) {
    if (!(found instanceof String text)) {
      return "";
    }
    String plain = text.strip();
    if (plain.matches("[+-]?\\d+,\\d+")) {
      return " (cure: %s, with a point)".formatted(plain.replace(',', '.'));
    } else if (plain.matches(NUMBER + "\\s*%")) {
      BigDecimal percent = new BigDecimal(plain.replaceAll("\\s*%", ""));
      return " (cure: %s)".formatted(Key.text(percent.movePointLeft(2).stripTrailingZeros()));
    } else if (plain.matches(NUMBER + "\\s*[kK]")) {
      BigDecimal thousands = new BigDecimal(plain.replaceAll("\\s*[kK]", ""));
      return " (cure: %s)".formatted(thousands.movePointRight(3).toPlainString());
    } else if (plain.matches(NUMBER + "\\s+[A-Za-z]+")) {
      return " (cure: %s)".formatted(plain.replaceFirst("\\s.*", ""));
    }
    List<String> several = several(plain);
    return several.isEmpty()
        ? ""
        : " (cure: commas between values: %s)".formatted(String.join(", ", several));
  }

  /** The numbers that a text lists, as 0.1 0.2 or 0.1; 0.2; none if it is no such list. */
  static List<String> several(String text) {
    List<String> pieces = Arrays.asList(text.strip().split("[,;\\s]+", -1));
    return pieces.size() > 1 && pieces.stream().allMatch(piece -> piece.matches(NUMBER))
        ? List.copyOf(pieces)
        : List.of();
  }
}
