package org.trawl.driver.report;

import java.util.List;

/** Text in lines. */
public final class Lines {
  private Lines() {}

  /**
   * A text, broken between words.
   *
   * @param start of the first line; the others are indented
   * @param width characters that a line may take
   */
  public static String wrapped(String start, String text, int width) {
    return wrapped(start, List.of(text.split(" ", -1)), " ", width);
  }

  /**
   * Items one after the other, broken between them.
   *
   * @param start of the first line; the others are indented
   * @param width characters that a line may take
   */
  static String wrapped(String start, List<String> items, String separator, int width) {
    StringBuilder text = new StringBuilder();
    StringBuilder line = new StringBuilder(start);
    for (int i = 0; i < items.size(); i++) {
      String item = i < items.size() - 1 ? items.get(i) + separator : items.get(i);
      if (line.length() + item.stripTrailing().length() > width && !line.toString().isBlank()) {
        text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        line.setLength(0);
        line.append("    ");
      }
      line.append(item);
    }
    return text.append(line).toString();
  }
}
