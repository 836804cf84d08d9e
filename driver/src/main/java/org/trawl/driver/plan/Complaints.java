package org.trawl.driver.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.trawl.driver.sweep.Key;
import org.trawl.driver.sweep.Keys;
import org.trawl.driver.sweep.Place;
import org.trawl.driver.sweep.Problems;

/** What is wrong with points: each problem is told once, with the first point that has it. */
final class Complaints {
  /** How the core's records refuse a value. */
  private static final Pattern REFUSAL = Pattern.compile("Invalid (\\S+) \\((.*)\\): (.*)");

  private final Problems problems;

  /** What each problem says, and the points that have it. */
  private final Map<Complaint, List<Point>> complaints = new LinkedHashMap<>();

  private record Complaint(Place place, String text) {}

  /** Problems of points, told with others. */
  Complaints(Problems problems) {
    this.problems = problems;
  }

  /** How many there are that are not told yet. */
  int size() {
    return complaints.values().stream().mapToInt(List::size).sum();
  }

  /** Tells all problems so far, those of points with the first point that has them. */
  void report() {
    complaints.forEach(
        (complaint, points) -> {
          String label = points.get(0).label();
          String where =
              points.size() == 1
                  ? " (" + label + ")"
                  : String.format(Locale.ROOT, " (%d points, the first: %s)", points.size(), label);
          problems.add(complaint.place(), complaint.text() + where);
        });
    complaints.clear();
    problems.check();
  }

  void add(Point point, Place place, String text) {
    complaints.computeIfAbsent(new Complaint(place, text), c -> new ArrayList<>()).add(point);
  }

  void add(Point point, Key key, String expected) {
    add(
        point,
        point.place(key),
        "%s: expected %s, found %s"
            .formatted(key.path(), expected, Key.text(point.values().get(key))));
  }

  /** What the core refuses, at the place of the key that it names. */
  void add(Point point, IllegalArgumentException refused) {
    Matcher matcher = REFUSAL.matcher(refused.getMessage());
    Optional<Key> key =
        matcher.matches()
            ? Keys.all().stream()
                .filter(candidate -> candidate.path().endsWith("." + matcher.group(1)))
                .findFirst()
            : Optional.empty();
    key.ifPresentOrElse(
        named ->
            add(
                point,
                point.place(named),
                "%s: expected a value that is %s, found %s"
                    .formatted(named.path(), matcher.group(2), matcher.group(3))),
        () -> add(point, point.variant().place(), refused.getMessage()));
  }
}
