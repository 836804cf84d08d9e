package org.trawl.driver.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.split.TrainingData;
import org.trawl.driver.model.Ensemble;
import org.trawl.driver.model.Model;
import org.trawl.driver.model.Outputs;
import org.trawl.driver.plan.PlannedTrial;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.results.Table;
import org.trawl.driver.sweep.InputException;

/** Stored models of a run as ensembles, on the test part that they share. */
public final class EnsembleReport {
  /** The columns of what is printed: a row a member, then a row an ensemble. */
  public static final List<String> COLUMNS = List.of("method", "trial", "accuracy", "loss");

  private final List<Member> members;
  private final int[] labels;
  private final Ensemble ensemble;

  /**
   * A trial that is to be a member.
   *
   * @param data what it was trained and is tested on
   */
  public record Member(PlannedTrial trial, Model model, TrainingData data) {}

  /**
   * Puts the test part through the members' models.
   *
   * @param members at least two
   * @throws InputException if they have no test part, or not the same one
   */
  public EnsembleReport(List<Member> members) {
    this.members = List.copyOf(members);
    Member first = members.get(0);
    if (first.data().test().length == 0) {
      throw new InputException(
          "Cannot make an ensemble: trial %s has no test part. Hold one out with data.test = 0.2"
              .formatted(first.trial().trial()));
    }
    for (Member member : members) {
      if (!sharesTest(first, member)) {
        boolean data = first.trial().content().equals(member.trial().content());
        throw new InputException(
            "Cannot make an ensemble: expected one test part, found others of the trials %s and %s. %s"
                .formatted(
                    first.trial().trial(),
                    member.trial().trial(),
                    data
                        ? "Repeats and folds hold out samples of their own: give trials of one of"
                            + " them, or a source with a test part"
                        : "They are of different data: give trials of one data set"));
      }
    }
    int[] test = first.data().test();
    labels = Arrays.stream(test).map(row -> first.data().dataset().labels()[row]).toArray();
    ensemble = new Ensemble(members.stream().map(member -> outputs(member, labels)).toList());
  }

  /** Whether two trials are tested on the same samples of the same classes. */
  public static boolean sharesTest(Member one, Member other) {
    return one.trial().content().equals(other.trial().content())
        && one.model().classes().equals(other.model().classes())
        && Arrays.equals(one.data().test(), other.data().test());
  }

  private static Outputs outputs(Member member, int[] labels) {
    try {
      return Outputs.of(member.model(), member.data().source(), member.data().test(), labels);
    } catch (DataException other) {
      throw new InputException(other.getMessage());
    }
  }

  /** Members and ensembles. */
  public Rows rows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int index = 0; index < members.size(); index++) {
      Outputs outputs = ensemble.members().get(index);
      double loss = IntStream.range(0, labels.length).mapToDouble(i -> outputs.losses()[i]).sum();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("method", "member");
      row.put("trial", members.get(index).trial().trial());
      row.put("accuracy", accuracy(outputs::predicted));
      row.put("loss", loss / labels.length);
      rows.add(row);
    }
    for (Map<String, Object> kept : ensembles(Instant.now())) {
      Map<String, Object> row = new LinkedHashMap<>(kept);
      row.keySet().retainAll(COLUMNS);
      rows.add(row);
    }
    return new Rows(COLUMNS, rows);
  }

  /** Writes the ensembles into the run's table, in the place of those of the same members. */
  public void keep(RunFolder run, Instant made) {
    List<Map<String, Object>> rows = new ArrayList<>(run.rows(Table.ENSEMBLES));
    rows.removeIf(row -> hash().equals(row.get("ensemble")));
    rows.addAll(ensembles(made));
    run.replaceEnsembles(rows);
  }

  private List<Map<String, Object>> ensembles(Instant made) {
    double loss = 0;
    Model model = members.get(0).model();
    for (int row = 0; row < labels.length; row++) {
      loss += ensemble.loss(row, labels[row], model.loss(), model.network().output());
    }
    double mean = loss / labels.length;
    return List.of(
        row("majority", accuracy(ensemble::byMajority), Double.NaN, made),
        row("mean", accuracy(ensemble::byMean), mean, made));
  }

  private Map<String, Object> row(String method, double accuracy, double loss, Instant made) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("ensemble", hash());
    row.put("method", method);
    row.put("members", trials());
    row.put("size", members.size());
    row.put("part", "test");
    row.put("samples", labels.length);
    row.put("accuracy", accuracy);
    row.put("loss", Double.isFinite(loss) ? loss : null);
    row.put("made", made.truncatedTo(ChronoUnit.MICROS));
    return row;
  }

  private double accuracy(IntUnaryOperator predicted) {
    long right =
        IntStream.range(0, labels.length)
            .filter(row -> predicted.applyAsInt(row) == labels[row])
            .count();
    return (double) right / labels.length;
  }

  private List<String> trials() {
    return members.stream().map(member -> member.trial().trial()).toList();
  }

  /** Of the members, in whatever order they are given. */
  private String hash() {
    try {
      byte[] text =
          String.join(",", trials().stream().sorted().toList()).getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(digest).substring(0, 12);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
