package org.trawl.driver.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.RunFolders;
import org.trawl.driver.sweep.InputException;

/** Finds the runs that a user names. */
final class Runs {
  private Runs() {}

  /**
   * Runs by folder, address, name under runs/, or a pattern such as runs/*, each once.
   *
   * @throws InputException naming all that are not there
   */
  static List<RunFolder> find(List<String> names) {
    List<String> problems = new ArrayList<>();
    List<RunFolder> runs = new ArrayList<>();
    for (String name : names) {
      try {
        runs.addAll(isPattern(name) ? matching(name) : List.of(RunFolders.find(name)));
      } catch (InputException missing) {
        problems.addAll(missing.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new InputException(problems);
    }
    List<String> seen = new ArrayList<>();
    runs.removeIf(run -> seen.contains(run.address()) || !seen.add(run.address()));
    return runs;
  }

  /** The runs named, or the only one under runs/ where none is. */
  static List<RunFolder> findOrOnly(List<String> names) {
    if (!names.isEmpty()) {
      return find(names);
    }
    List<RunFolder> all = RunFolders.all();
    if (all.size() != 1) {
      throw new InputException(
          all.isEmpty()
              ? "Cannot find a run: there is none under runs/. Say which with --run"
              : "Cannot tell which run: say with --run NAME or --run 'runs/*'. There are: "
                  + String.join(", ", all.stream().map(RunFolder::name).toList()));
    }
    return all;
  }

  private static boolean isPattern(String name) {
    return name.matches(".*[*?\\[{].*") && !Files.exists(Path.of(name));
  }

  private static List<RunFolder> matching(String pattern) {
    int last = pattern.lastIndexOf('/');
    Path parent = Path.of(last < 0 ? "runs" : pattern.substring(0, Math.max(1, last)));
    List<RunFolder> runs = new ArrayList<>();
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(parent, pattern.substring(last + 1))) {
      folders.forEach(folder -> runs.add(RunFolder.at(folder.toString())));
    } catch (IOException failure) {
      throw new InputException(
          "Cannot find runs: %s. Expected a readable folder: %s".formatted(pattern, parent));
    }
    runs.removeIf(run -> !run.holdsRun());
    runs.sort(Comparator.comparing(RunFolder::address));
    if (runs.isEmpty()) {
      throw new InputException("Cannot find runs: %s matches none".formatted(pattern));
    }
    return runs;
  }
}
