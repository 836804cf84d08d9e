package org.trawl.driver.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.Keys;
import org.trawl.driver.sweep.Nearest;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells what is wrong with the arguments of a command line: expected, found, and the cure. */
final class WrongArguments implements CommandLine.IParameterExceptionHandler {
  private static final String SET = "--set";

  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    CommandLine root = command.getCommandSpec().root().commandLine();
    String first = arguments.length == 0 ? "" : arguments[0];
    boolean verb = !first.isEmpty() && !first.startsWith("-");
    if (verb && !root.getSubcommands().containsKey(first)) {
      err.println(unknownVerb(root, "", first));
      return ExitCode.WRONG_INPUT;
    }
    List<String> unmatched =
        wrong instanceof UnmatchedArgumentException e ? e.getUnmatched() : List.of();
    if (!unmatched.isEmpty() && !command.getSubcommands().isEmpty() && command != root) {
      err.println(unknownVerb(command, command.getCommandName() + " ", unmatched.get(0)));
      return ExitCode.WRONG_INPUT;
    }
    err.println(
        unmatched.isEmpty()
            ? message(wrong)
            : unmatched(root, command, unmatched.get(0), Arrays.asList(arguments)));
    if (command.getSubcommands().isEmpty()) {
      err.print("Usage: " + command.getHelp().synopsis("Usage: ".length()));
      err.printf("%s --help tells more%n", command.getCommandSpec().qualifiedName());
    } else {
      command.usage(err);
    }
    err.flush();
    return ExitCode.WRONG_INPUT;
  }

  private static String unknownVerb(CommandLine parent, String before, String word) {
    List<String> verbs = List.copyOf(parent.getSubcommands().keySet());
    return "Unknown verb %s%s: expected one of %s%s"
        .formatted(
            before,
            word,
            String.join(", ", verbs),
            word.equals("help")
                ? " (cure: trawl --help, or trawl VERB --help)"
                : Nearest.suggestion(word, verbs));
  }

  /** What is said of an argument that no parameter or option takes. */
  private static String unmatched(
      CommandLine root, CommandLine command, String argument, List<String> arguments) {
    String verb = command.getCommandName();
    if (!argument.startsWith("-")) {
      return "Cannot take the argument %s: expected %s%s"
          .formatted(argument, parameters(command), split(argument, arguments));
    }
    String option = argument.replaceFirst("=.*", "");
    List<String> own =
        command.getCommandSpec().options().stream().map(OptionSpec::longestName).toList();
    String suggestion = Nearest.suggestion(option, own);
    Optional<Key> key = Keys.find(option.replaceFirst("^-+", ""));
    List<String> others =
        root.getSubcommands().entrySet().stream()
            .filter(
                other ->
                    other.getValue().getCommandSpec().options().stream()
                        .anyMatch(found -> Arrays.asList(found.names()).contains(option)))
            .map(other -> other.getKey())
            .toList();
    String cure =
        key.isPresent() && own.contains(SET)
            ? " (cure: %s %s=VALUE)".formatted(SET, key.get().path())
            : !suggestion.isEmpty()
                ? suggestion
                : others.isEmpty() ? "" : ", which %s".formatted(has(others));
    return "%s has no option %s%s".formatted(verb, option, cure);
  }

  private static String has(List<String> verbs) {
    int last = verbs.size() - 1;
    return last == 0
        ? verbs.get(0) + " has"
        : "%s and %s have".formatted(String.join(", ", verbs.subList(0, last)), verbs.get(last));
  }

  /** The cure where the shell has split a value at its blanks; empty elsewhere. */
  private static String split(String argument, List<String> arguments) {
    int at = arguments.indexOf(argument);
    int set = arguments.subList(0, at).lastIndexOf(SET);
    List<String> parts = new ArrayList<>();
    if (set >= 0) {
      parts.addAll(arguments.subList(set + 1, at + 1));
    } else if (at > 0 && arguments.get(at - 1).startsWith(SET + "=")) {
      parts.add(arguments.get(at - 1).substring(SET.length() + 1));
      parts.add(argument);
    }
    boolean options = parts.stream().anyMatch(part -> part.startsWith("-"));
    if (parts.size() < 2 || options || !parts.get(0).contains("=")) {
      return "";
    }
    int next = at + 1;
    while (parts.get(0).contains("[")
        && !parts.get(parts.size() - 1).contains("]")
        && next < arguments.size()) {
      parts.add(arguments.get(next++));
    }
    String whole = String.join(" ", parts);
    if (!whole.contains("[")) {
      String values = String.join(", ", parts).replaceFirst("[^=]*=", "").replace(",,", ",");
      whole =
          "sweep.%s=[%s]"
              .formatted(whole.replaceFirst("=.*", "").replaceFirst("^sweep\\.", ""), values);
    }
    return " (cure, if the shell has split it: %s '%s')".formatted(SET, whole);
  }

  private static String parameters(CommandLine command) {
    List<PositionalParamSpec> parameters = command.getCommandSpec().positionalParameters();
    return parameters.isEmpty()
        ? "none"
        : "no more than "
            + parameters.stream().map(ArgSpec::paramLabel).collect(Collectors.joining(" "));
  }

  private static String message(ParameterException wrong) {
    ArgSpec argument = wrong.getArgSpec();
    if (argument == null || wrong instanceof MissingParameterException) {
      return wrong.getMessage();
    }
    String name =
        argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    Class<?> type = argument.auxiliaryTypes()[0];
    String expected =
        type.isEnum()
            ? "one of "
                + Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "))
            : type == Integer.class || type == int.class ? "a whole number" : "";
    return expected.isEmpty() || wrong.getValue() == null
        ? wrong.getMessage()
        : "%s: expected %s, found %s".formatted(name, expected, wrong.getValue());
  }
}
