package org.trawl.driver.model;

import java.util.List;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Loss;

/**
 * Several models' outputs for the same samples as one answer (Dietterich 2000, section 2): the
 * class that most of them vote for, or that of the largest mean output.
 *
 * @param members outputs of each model, at least one, of the same samples and classes
 */
public record Ensemble(List<Outputs> members) {

  public Ensemble {
    members = List.copyOf(members);
  }

  /** The mean of a class's outputs for a sample. */
  public double mean(int row, int type) {
    double sum = 0;
    for (Outputs member : members) {
      sum += member.value(row, type);
    }
    return sum / members.size();
  }

  /** The class with the largest mean output, the first of equal ones. */
  public int byMean(int row) {
    int largest = 0;
    for (int type = 1; type < members.get(0).classes(); type++) {
      if (mean(row, type) > mean(row, largest)) {
        largest = type;
      }
    }
    return largest;
  }

  /** The class that most members predict; of several the one with the largest mean output. */
  public int byMajority(int row) {
    int[] votes = new int[members.get(0).classes()];
    for (Outputs member : members) {
      votes[member.predicted(row)]++;
    }
    int most = 0;
    for (int type = 1; type < votes.length; type++) {
      boolean tie = votes[type] == votes[most];
      if (votes[type] > votes[most] || (tie && mean(row, type) > mean(row, most))) {
        most = type;
      }
    }
    return most;
  }

  /**
   * The data loss of a sample's mean outputs. Infinite where all members rule the class out.
   *
   * @param label its class
   */
  public double loss(int row, int label, Loss loss, Activation output) {
    double sum = 0;
    for (int type = 0; type < members.get(0).classes(); type++) {
      double target = type == label ? 1 : 0;
      double mean = mean(row, type);
      if (loss == Loss.SQUARED_ERROR) {
        sum += (mean - target) * (mean - target) / 2;
      } else if (type == label) {
        sum -= StrictMath.log(mean);
      } else if (output == Activation.SIGMOID) {
        sum -= StrictMath.log1p(-mean);
      }
    }
    return sum;
  }
}
