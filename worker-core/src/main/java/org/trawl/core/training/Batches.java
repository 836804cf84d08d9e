package org.trawl.core.training;

import java.util.Arrays;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.kernel.Terms;
import org.trawl.core.network.Workspace;

/** Brings samples of a data set into workspaces, and tells their classes. Allocates nothing. */
final class Batches {
  private final TrainingData data;
  private final Kernels kernels;

  /** Whether inputs of 0 are left out of the first layer's products. */
  private final boolean looksForZeros;

  /** The rows of a batch, in the order in which they are learnt from. */
  private final int[] batchRows;

  /** Where the next row of a class goes in {@link #batchRows}. */
  private final int[] ofClass;

  private final int[] classes;

  /**
   * For batches of a data set.
   *
   * @param largestBatch samples that are learnt from in a step, at most
   * @param most samples that are gathered at once, at most
   */
  Batches(TrainingData data, Kernels kernels, boolean looksForZeros, int largestBatch, int most) {
    this.data = data;
    this.kernels = kernels;
    this.looksForZeros = looksForZeros;
    this.batchRows = new int[largestBatch];
    this.ofClass = new int[data.classes().size() + 1];
    this.classes = new int[most];
  }

  /** The classes of the samples that were gathered last. */
  int[] classes() {
    return classes;
  }

  /** As {@link #gather}, and finds which inputs count. */
  void gatherToLearn(int[] rowNumbers, int from, int count, Workspace workspace) {
    Terms byRows = workspace.rowTerms;
    Terms byColumns = workspace.columnTerms;
    int columns = data.features();
    boolean finds = looksForZeros && count <= Workspace.PART_ROWS;
    if (finds && data.dataset().samples() instanceof Samples.Bytes bytes) {
      workspace.resize(count);
      kernels.gatherTerms(
          bytes.data(),
          columns,
          rowNumbers,
          from,
          count,
          data.scale(),
          data.shift(),
          workspace.inputs,
          workspace.stride(),
          byRows,
          byColumns);
      lookUpClasses(rowNumbers, from, count);
      return;
    }
    gather(rowNumbers, from, count, workspace);
    if (finds) {
      byRows.findInRows(count, columns, workspace.inputs, workspace.stride());
      byColumns.findInColumns(count, columns, workspace.inputs, workspace.stride());
    } else {
      byRows.all();
      byColumns.all();
    }
  }

  /**
   * The rows of a batch, class by class where it is worthwhile to look for zeros: what is of one
   * class looks alike, so that more of the zeros of some samples coincide.
   *
   * @return the rows from 0 on; of use until the next call
   */
  int[] sorted(int[] rows, int from, int count) {
    if (!looksForZeros) {
      System.arraycopy(rows, from, batchRows, 0, count);
      return batchRows;
    }
    int[] labels = data.dataset().labels();
    Arrays.fill(ofClass, 0);
    for (int i = from; i < from + count; i++) {
      ofClass[labels[rows[i]] + 1]++;
    }
    for (int c = 1; c < ofClass.length; c++) {
      ofClass[c] += ofClass[c - 1];
    }
    for (int i = from; i < from + count; i++) {
      batchRows[ofClass[labels[rows[i]]]++] = rows[i];
    }
    return batchRows;
  }

  /** Gathers samples, prepared, and their classes. */
  void gather(int[] rowNumbers, int from, int count, Workspace target) {
    target.resize(count);
    Samples samples = data.dataset().samples();
    int columns = data.features();
    if (samples instanceof Samples.Bytes bytes) {
      kernels.gather(
          bytes.data(),
          columns,
          rowNumbers,
          from,
          count,
          data.scale(),
          data.shift(),
          target.inputs,
          target.stride());
    } else if (samples instanceof Samples.Reals reals) {
      kernels.gather(
          reals.held().data,
          columns,
          rowNumbers,
          from,
          count,
          data.scale(),
          data.shift(),
          target.inputs,
          target.stride());
    }
    lookUpClasses(rowNumbers, from, count);
  }

  private void lookUpClasses(int[] rowNumbers, int from, int count) {
    int[] labels = data.dataset().labels();
    for (int i = 0; i < count; i++) {
      classes[i] = labels[rowNumbers[from + i]];
    }
  }
}
