package org.trawl.driver.sweep;

import com.typesafe.config.ConfigException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What is wrong with a text that cannot be read as HOCON, in the words of who wrote it: Config's
 * parser tells where it stopped, which for a brace that is never closed is the end of the file.
 *
 * @param line from 1
 * @param text what was expected and found, and the cure
 */
record SyntaxProblem(int line, String text) {
  private static final int LONGEST_LINE = 60;

  /** What stands for bytes that are no UTF-8. */
  private static final char NO_CHARACTER = '\uFFFD';

  private static final String GROUP = " (cure: a group of keys is name { key = value })";

  /** An opening bracket and where it stands. */
  private record Open(char bracket, int line) {}

  /**
   * Looks at a text that was refused.
   *
   * @param lines of the text
   * @param line where the parser stopped, from 1
   */
  static SyntaxProblem of(List<String> lines, int line, ConfigException refusal) {
    return bytes(lines)
        .or(() -> brackets(lines))
        .orElseGet(() -> atLine(lines, withText(lines, line), message(refusal)));
  }

  /** That the text is none. */
  private static Optional<SyntaxProblem> bytes(List<String> lines) {
    boolean none =
        lines.stream()
            .flatMapToInt(String::chars)
            .anyMatch(c -> c == NO_CHARACTER || (c < ' ' && c != '\t'));
    return none
        ? problem(1, "expected a sweep file, which is a text in UTF-8, found other bytes")
        : Optional.empty();
  }

  /** A line, or the last one before it that is not blank. */
  private static int withText(List<String> lines, int line) {
    int last = Math.min(line, lines.size());
    while (last > 1 && lines.get(last - 1).isBlank()) {
      last--;
    }
    return Math.max(1, last);
  }

  /** The first bracket or quote without its counterpart. */
  private static Optional<SyntaxProblem> brackets(List<String> lines) {
    Deque<Open> open = new ArrayDeque<>();
    boolean block = false; // inside """
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1);
      boolean text = false;
      for (int i = 0; i < line.length(); i++) {
        char next = line.charAt(i);
        if (block && !line.startsWith("\"\"\"", i)) {
          continue;
        }
        if (!text && line.startsWith("\"\"\"", i)) {
          block = !block;
          i += 2;
        } else if (text) {
          i += next == '\\' ? 1 : 0;
          text = next != '"';
        } else if (next == '#' || line.startsWith("//", i)) {
          break;
        } else if (next == '"') {
          text = true;
        } else if (next == '{' || next == '[') {
          open.push(new Open(next, number));
        } else if (next == '}' || next == ']') {
          char opening = next == '}' ? '{' : '[';
          if (open.isEmpty()) {
            return problem(number, "expected a %s before it, found %s".formatted(opening, next));
          } else if (open.peek().bracket() != opening) {
            return problem(
                number,
                "expected a %s for the %s of line %s, found %s"
                    .formatted(
                        closing(open.peek()), open.peek().bracket(), open.peek().line(), next));
          }
          open.pop();
        }
      }
      if (text) {
        return problem(number, "expected a second \" on the line of the first, found none");
      }
    }
    return Optional.ofNullable(open.peek())
        .flatMap(
            last ->
                problem(
                    last.line(),
                    "expected a %s for this %s, found the end"
                        .formatted(closing(last), last.bracket())));
  }

  private static char closing(Open open) {
    return open.bracket() == '{' ? '}' : ']';
  }

  private static Optional<SyntaxProblem> problem(int line, String text) {
    return Optional.of(new SyntaxProblem(line, text));
  }

  private static SyntaxProblem atLine(List<String> lines, int line, String message) {
    String here = line <= lines.size() ? lines.get(line - 1).strip() : "";
    String shown = here.length() <= LONGEST_LINE ? here : here.substring(0, LONGEST_LINE - 1) + "…";
    String cure = "";
    if (lines.stream().limit(line).anyMatch(other -> other.matches("\\s*[\\w.-]+:\\s*(#.*)?"))) {
      cure = " (cure: not YAML's indentation, but name { key = value })";
    } else if (lines.stream()
        .limit(line)
        .anyMatch(o -> o.matches("\\s*\\[[A-Za-z][\\w.-]*]\\s*"))) {
      cure = GROUP;
    } else if (message.startsWith("Key ") && message.contains("may not be followed")) {
      cure = " (cure: values of a list stand in [ ], a value with other signs in \"quotes\")";
    }
    String text =
        message
            .replaceFirst(
                "^expecting a close parentheses '\\)' here, not: ", "expected a key, found ")
            .replaceFirst(
                "^Cannot concatenate object or list with a non-object-or-list, \\w+\\((.*)\\) and"
                    + " \\w+\\((.*)\\) are not compatible",
                "expected a list before +=, and values of one kind side by side, found $1 and $2")
            .replaceFirst("^Expecting a value but got wrong token: ", "expected a value, found ")
            .replaceFirst(
                "^Expecting end of input or a comma, got ", "expected a new line, found ");
    return new SyntaxProblem(
        line,
        "cannot be read as HOCON: %s%s%s"
            .formatted(text, shown.isEmpty() ? "" : ", in: " + shown, cure));
  }

  /** Config's message without the place in front of it and its last, general piece of advice. */
  private static String message(ConfigException exception) {
    String text = String.valueOf(exception.getMessage());
    if (exception.origin() != null) {
      String place = exception.origin().description() + ": ";
      text = text.startsWith(place) ? text.substring(place.length()) : text;
    }
    return text.replaceAll("\\s+", " ")
        .replaceAll(" \\((if you intended|if you want) .*", "")
        .replaceAll(" \\(JSON does not allow .*", "");
  }
}
