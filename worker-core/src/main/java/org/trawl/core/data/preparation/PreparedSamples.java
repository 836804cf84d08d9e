package org.trawl.core.data.preparation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.ejml.data.FMatrixRMaj;
import org.trawl.core.data.preparation.PrepareStep.OfEachFeature;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Precision;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.sample.SamplesBuilder;

/**
 * The samples of a data set after some steps of its preparation, all rows: one copy a JVM, shared
 * by the trials that need them, never written.
 *
 * @param form what the features are
 * @param steps that have made them of the data set's, fitted
 */
public record PreparedSamples(Samples samples, FeatureForm form, List<FittedStep> steps) {
  /** Rows that are computed at a time. */
  private static final int CHUNK = 256;

  public PreparedSamples {
    steps = List.copyOf(steps);
  }

  /** Before any step. */
  public static PreparedSamples of(Dataset dataset) {
    return new PreparedSamples(dataset.samples(), FeatureForm.of(dataset), List.of());
  }

  /**
   * Steps of each feature, then one of another kind: what one derivation of samples from others
   * does.
   */
  public record Stage(List<OfEachFeature> before, PrepareStep step) {
    public Stage {
      before = List.copyOf(before);
    }

    /** Whether something in it depends on the rows that are trained on. */
    public boolean fitted() {
      return step instanceof PrepareStep.Pca
          || step instanceof PrepareStep.Impute
          || before.stream().anyMatch(PrepareStep.Standardize.class::isInstance);
    }
  }

  /** A preparation in stages, and the steps of each feature after the last one. */
  public record Stages(List<Stage> stages, List<OfEachFeature> last) {
    public Stages {
      stages = List.copyOf(stages);
      last = List.copyOf(last);
    }

    /** Of the steps that make features, in order. */
    public static Stages of(List<PrepareStep> steps) {
      List<Stage> stages = new ArrayList<>();
      List<OfEachFeature> pending = new ArrayList<>();
      for (PrepareStep step : steps) {
        if (step instanceof OfEachFeature affine) {
          pending.add(affine);
        } else if (!(step instanceof PrepareStep.OfRows)) {
          stages.add(new Stage(pending, step));
          pending.clear();
        }
      }
      return new Stages(stages, pending);
    }

    /**
     * Bytes of the samples that the stages make, known without making them: of two neighbouring
     * stages, those that take the most; 0 where samples stay as they are.
     */
    public long bytes(Dataset dataset) {
      FeatureForm form = FeatureForm.of(dataset);
      long before = 0;
      long most = 0;
      for (Stage stage : stages) {
        form = stage.before().isEmpty() ? form : form.after(stage.before()).asReals();
        form = form.after(stage.step());
        long made = dataset.samples().rows() * form.bytesOfSample();
        most = Math.max(most, before + made);
        before = made;
      }
      return most;
    }
  }

  /** Shares what a pca is fitted to among those that differ in the number of components only. */
  @FunctionalInterface
  public interface Bases {
    PcaFit.Basis basis(Supplier<PcaFit.Basis> fit);
  }

  /**
   * The samples after a further stage.
   *
   * @param train rows to fit to
   * @throws DataException if a step cannot be applied
   */
  public PreparedSamples after(Stage stage, int[] train, Bases bases) {
    Optional<FittedStep.Affine> affine = before(stage, train);
    FeatureForm before = affine.isPresent() ? form.after(stage.before()).asReals() : form;
    StageReader reader = new StageReader(samples, affine, before);
    FittedStep step = fit(stage.step(), reader, train, bases);
    FeatureForm after = before.after(stage.step()).features(step.outputs());
    List<FittedStep> all = new ArrayList<>(steps);
    affine.ifPresent(all::add);
    all.add(step);
    return new PreparedSamples(computed(reader, step, after), after, all);
  }

  /**
   * What is done to each feature before the step of a stage: what is asked for; where the step
   * takes features as they are, their offsets are added.
   */
  private Optional<FittedStep.Affine> before(Stage stage, int[] train) {
    boolean differences = stage.step() instanceof PrepareStep.Pca; // from the mean
    boolean held = differences || carriesOffsets(stage.step());
    if (stage.before().isEmpty() && (held || samples.offsets().length == 0)) {
      return Optional.empty();
    }
    return Optional.of(
        differences
            ? AffineFit.withoutOffsets(this, train, stage.before())
            : AffineFit.of(this, train, stage.before()));
  }

  /**
   * The steps of each feature after the last stage as one.
   *
   * @param train rows to fit to
   * @throws DataException if a step cannot be applied
   */
  public FittedStep.Affine last(List<OfEachFeature> last, int[] train) {
    return AffineFit.of(this, train, last);
  }

  /** Whether a step leaves numbers where they are, so that their offsets stay with them. */
  static boolean carriesOffsets(PrepareStep step) {
    return step instanceof PrepareStep.OneHot || step instanceof PrepareStep.Impute;
  }

  /**
   * What is told of features whose values a preparation makes one, because single precision does
   * not tell them apart: a sentence each, with the cure.
   */
  public static List<String> collapsed(Dataset dataset, List<PrepareStep> steps) {
    return Precision.collapsed(dataset, use(steps));
  }

  private static Precision.Use use(List<PrepareStep> steps) {
    for (PrepareStep step : steps) {
      if (step instanceof PrepareStep.Standardize) {
        return Precision.Use.STANDARDIZED;
      } else if (step instanceof PrepareStep.Pca) {
        return Precision.Use.FITTED;
      } else if (!(step instanceof PrepareStep.OfRows
          || step instanceof OfEachFeature
          || carriesOffsets(step))) {
        return Precision.Use.ADDED;
      }
    }
    return Precision.Use.ADDED;
  }

  /** The offsets of what a step gives, of those of what it takes. */
  private static double[] offsets(FittedStep step, double[] offsets) {
    if (offsets.length > 0 && step instanceof FittedStep.OneHot oneHot) {
      return oneHot.offsets(offsets);
    }
    return offsets.length > 0 && step instanceof FittedStep.Impute
        ? Arrays.copyOf(offsets, step.outputs())
        : Samples.NONE;
  }

  /** Other samples of the source through the same steps: as reals, themselves if there are none. */
  public Samples apply(Samples others) {
    if (steps.isEmpty()) {
      return others;
    }
    Preparation preparation = new Preparation(steps);
    StageReader reader = new StageReader(others, Optional.empty(), form);
    int rows = others.rows();
    int inputs = preparation.inputs();
    int outputs = preparation.outputs();
    float[] reals = new float[Math.multiplyExact(rows, outputs)];
    int[] numbers = IntStream.range(0, rows).toArray();
    for (int from = 0; from < rows; from += CHUNK) {
      int count = Math.min(CHUNK, rows - from);
      float[] chunk = Arrays.copyOf(reader.read(numbers, from, count), count * inputs);
      float[] prepared = preparation.applyToHeld(chunk, count);
      System.arraycopy(prepared, 0, reals, from * outputs, count * outputs);
    }
    return new Samples.Reals(FMatrixRMaj.wrap(rows, outputs, reals), samples.offsets());
  }

  private static FittedStep fit(PrepareStep step, StageReader reader, int[] train, Bases bases) {
    FeatureForm form = reader.form();
    form.after(step); // refuses what cannot be applied
    if (step instanceof PrepareStep.Impute impute) {
      return ImputeFit.of(impute, reader, train);
    } else if (step instanceof PrepareStep.OneHot) {
      return new FittedStep.OneHot(form.features(), form.texts());
    } else if (step instanceof PrepareStep.Gray) {
      return new FittedStep.Gray(form.shape(), form.bytes());
    } else if (step instanceof PrepareStep.Resize resize) {
      return new FittedStep.Resize(form.shape(), resize.rows(), resize.columns(), form.bytes());
    } else if (step instanceof PrepareStep.Hog hog) {
      return new FittedStep.Hog(form.shape(), hog);
    } else if (step instanceof PrepareStep.Pca pca) {
      return PcaFit.of(pca, form, bases.basis(() -> PcaFit.basis(reader, train)));
    }
    throw new IllegalArgumentException("Invalid stage: " + step.key());
  }

  private static Samples computed(StageReader reader, FittedStep step, FeatureForm form) {
    int rows = reader.rows();
    long values = (long) rows * form.features();
    if (values > SamplesBuilder.LONGEST_ARRAY) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot prepare %s: expected at most %,d feature values, found %,d (%,d samples of %,d)",
              form.name(),
              SamplesBuilder.LONGEST_ARRAY,
              values,
              rows,
              form.features()));
    }
    byte[] bytes = new byte[form.bytes() ? (int) values : 0];
    float[] reals = new float[form.bytes() ? 0 : (int) values];
    float[] chunk = new float[CHUNK * form.features()];
    int[] numbers = IntStream.range(0, rows).toArray();
    for (int from = 0; from < rows; from += CHUNK) {
      int count = Math.min(CHUNK, rows - from);
      step.apply(reader.read(numbers, from, count), count, chunk);
      int start = from * form.features();
      if (!form.bytes()) {
        System.arraycopy(chunk, 0, reals, start, count * form.features());
        continue;
      }
      for (int i = 0; i < count * form.features(); i++) {
        bytes[start + i] = (byte) (int) chunk[i];
      }
    }
    return form.bytes()
        ? new Samples.Bytes(bytes, rows, form.features())
        : new Samples.Reals(
            FMatrixRMaj.wrap(rows, form.features(), reals), offsets(step, reader.offsets()));
  }
}
