package org.trawl.driver.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.trawl.driver.results.CleanUp;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.RunFolders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trawl clean RUN} */
@Command(
    name = "clean",
    description = "Lists what a run keeps and does not need; removes what is named with --remove.")
final class CleanCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "a folder, an address or a name under runs/")
  private String run;

  @Option(
      names = "--remove",
      paramLabel = "KIND",
      split = ",",
      description =
          "removes the files of these kinds that are listed without it, any of:"
              + " ${COMPLETION-CANDIDATES}")
  private List<CleanUp.Kind> kinds = new ArrayList<>();

  @Mixin private FormatOption format;

  @Override
  public Integer call() {
    RunFolder folder = RunFolders.find(run);
    CleanUp cleaning = new CleanUp(SweepOptions.stored(folder), folder);
    List<CleanUp.Part> parts = kinds.isEmpty() ? cleaning.parts() : cleaning.parts(kinds);
    cleaning.remove(kinds);
    if (!parts.isEmpty() || !format.forPeople()) {
      format.print(
          List.of("kind", "files", format.forPeople() ? "size" : "bytes", "why"),
          parts.stream().map(this::row).toList());
    }
    int files = parts.stream().mapToInt(CleanUp.Part::files).sum();
    long bytes = parts.stream().mapToLong(CleanUp.Part::bytes).sum();
    String all =
        String.format(Locale.ROOT, "%d %s, %s", files, files == 1 ? "file" : "files", size(bytes));
    format.note(
        parts.isEmpty()
            ? "There is nothing to remove in %s.".formatted(folder)
            : kinds.isEmpty()
                ? "%s in all; nothing is removed.%nTo remove some: trawl clean %s --remove KIND,KIND"
                    .formatted(all, run)
                : "Removed %s from %s.".formatted(all, folder));
    return ExitCode.DONE;
  }

  private Map<String, Object> row(CleanUp.Part part) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("kind", part.kind().toString());
    row.put("files", part.files());
    row.put("bytes", part.bytes());
    row.put("size", size(part.bytes()));
    row.put("why", part.reason());
    return row;
  }

  private static String size(long bytes) {
    return bytes < 1_000_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : bytes < 1_000_000_000
            ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
            : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
