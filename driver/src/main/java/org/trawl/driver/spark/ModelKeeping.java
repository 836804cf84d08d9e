package org.trawl.driver.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.trawl.core.data.TrainingData;
import org.trawl.core.network.Network;
import org.trawl.core.network.NetworkState;
import org.trawl.core.training.EpochResult;
import org.trawl.core.training.TrainingState;
import org.trawl.driver.model.Model;
import org.trawl.driver.results.BestEpoch;
import org.trawl.driver.results.Models;
import org.trawl.driver.results.RunFolder;
import org.trawl.driver.sweep.Keep;
import org.trawl.driver.sweep.Objective;

/**
 * Keeps the models of a run from where they were trained: after each best epoch of a trial a copy
 * of its weights in memory, and at its end a file, if it may be among the best ones of the run.
 *
 * <p>A JVM knows the values of the trials that ended before the run began and of its own since, so
 * of many trials it writes few models; whichever are the best ones of all is among them. The driver
 * removes the others.
 *
 * @param folder of the run, as executors find it
 * @param count of the best trials by the objective; {@link Keep#ALL}, or 0 for none
 * @param session tells the runs of a JVM apart
 * @param values of the objective that the best trials before had, at most {@code count}
 */
record ModelKeeping(
    RunFolder folder, Objective objective, int count, String session, List<Double> values)
    implements Serializable {

  /** The best values that this JVM knows of a session. */
  private static final List<Double> BEST = new ArrayList<>();

  private static String bestOf = "";

  ModelKeeping {
    values = List.copyOf(values);
  }

  /** Watches one trial. */
  Candidate candidate() {
    return new Candidate(new BestEpoch(objective));
  }

  /** Whether fewer than {@code count} trials known here are better. */
  private boolean mayBeKept(double value) {
    if (count == Keep.ALL) {
      return true;
    }
    synchronized (BEST) {
      if (!bestOf.equals(session)) {
        bestOf = session;
        BEST.clear();
        BEST.addAll(values);
      }
      if (!Double.isFinite(value)) {
        return BEST.size() < count;
      }
      long better = BEST.stream().filter(known -> objective.better(known, value)).count();
      if (better >= count) {
        return false;
      }
      BEST.add(value);
      BEST.sort((one, other) -> objective.better(one, other) ? -1 : one.equals(other) ? 0 : 1);
      while (BEST.size() > count) {
        BEST.remove(BEST.size() - 1);
      }
      return true;
    }
  }

  /** The model that a trial may become. Used by the trial's thread. */
  final class Candidate {
    private static final String BEST_EPOCH = "best.epoch";
    private static final String VALUE = "best.value";
    private static final String OBJECTIVE = "best.objective";
    private static final String LEARNT = "best.network.";

    private final BestEpoch best;
    private Optional<Network> network = Optional.empty();
    private Optional<NetworkState> state = Optional.empty();

    /** What the best epoch before an interruption had learnt, until the network is there. */
    private Optional<TrainingState> before = Optional.empty();

    /** Whether all epochs of the trial were seen, by this attempt or those before. */
    private boolean whole = true;

    private Candidate(BestEpoch best) {
      this.best = best;
    }

    /** The training goes on from a state, which may tell of the best epoch before. */
    void resume(TrainingState from) {
      int[] mark = objectiveMark();
      if (from.arrays().get(OBJECTIVE) instanceof int[] kept && Arrays.equals(kept, mark)) {
        int[] epoch = new int[1];
        double[] value = new double[1];
        from.read(BEST_EPOCH, epoch);
        from.read(VALUE, value);
        best.resume(epoch[0], value[0]);
        before = Optional.of(from);
      } else {
        whole = false;
      }
    }

    /** Adds what is the best so far to a state that a training can go on from. */
    void save(TrainingState into) {
      if (count > 0 && whole && (state.isPresent() || before.isPresent())) {
        into.put(OBJECTIVE, objectiveMark());
        into.put(BEST_EPOCH, new int[] {best.epoch()});
        into.put(VALUE, new double[] {best.value()});
        state.ifPresent(
            learnt -> learnt.arrays().forEach((name, values) -> into.put(LEARNT + name, values)));
      }
    }

    private int[] objectiveMark() {
      return objective.toString().chars().toArray();
    }

    /** An epoch has ended, and left the network so. */
    void learnt(EpochResult epoch, Network learnt) {
      network = Optional.of(learnt);
      if (before.isPresent()) {
        NetworkState earlier = learnt.newState();
        earlier.arrays().forEach((name, values) -> before.get().read(LEARNT + name, values));
        state = Optional.of(earlier);
        before = Optional.empty();
      }
      if (count > 0 && whole && best.offer(epoch)) {
        state.ifPresentOrElse(learnt::save, () -> state = Optional.of(learnt.newState()));
      }
    }

    /**
     * Keeps the model of a trial that has completed, if it may be among the best. One of which not
     * all epochs were seen is left to the driver, which has it trained again if it is needed.
     */
    void completed(TrialTask task, TrainingData data) {
      if (whole && state.isPresent() && network.isPresent() && mayBeKept(best.value())) {
        NetworkState last = network.get().newState();
        network.get().restore(state.get());
        Model model =
            Model.of(task.trial(), task.config(), task.spec(), data, best.epoch(), network.get());
        network.get().restore(last);
        folder.models().keep(new Models.Id(task.trial(), best.epoch()), model.encode());
      }
    }
  }
}
