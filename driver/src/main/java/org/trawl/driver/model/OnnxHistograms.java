package org.trawl.driver.model;

import java.util.List;
import org.trawl.core.data.preparation.FittedStep;
import org.trawl.core.data.preparation.PrepareStep;
import org.trawl.core.data.sample.SampleShape;

/**
 * Histograms of oriented gradients as nodes of an ONNX graph, in double precision as those that
 * networks are trained on. In place of angles there are the sides of the bins' edges on which a
 * gradient lies: it is turned into the upper half plane, and its magnitude counts for each edge
 * that it is not before; a bin's sum is that of its edge less that of the next one.
 */
final class OnnxHistograms {
  private static final double EPSILON = 1e-5;
  private static final double CUT = 0.2;

  private final OnnxGraph graph;
  private final SampleShape shape;
  private final PrepareStep.Hog step;
  private final int cellsDown;
  private final int cellsAcross;

  OnnxHistograms(OnnxGraph graph, FittedStep.Hog hog) {
    this.graph = graph;
    this.shape = hog.shape();
    this.step = hog.step();
    this.cellsDown = shape.rows() / step.pixelRows();
    this.cellsAcross = shape.columns() / step.pixelColumns();
  }

  /** The features of images, [samples, features of a sample]. */
  String of(String images) {
    String pixels = graph.node("Cast", List.of(images), OnnxGraph.whole("to", OnnxGraph.DOUBLE));
    String zero = graph.constant(0.0);
    String down = "";
    String across = "";
    String largest = "";
    for (int channel = 0; channel < shape.channels(); channel++) {
      String ofRows = differences(pixels, channel, 1, 0);
      String ofColumns = differences(pixels, channel, 0, 1);
      String magnitude =
          graph.node(
              "Sqrt",
              graph.node(
                  "Add",
                  graph.node("Mul", ofRows, ofRows),
                  graph.node("Mul", ofColumns, ofColumns)));
      if (channel == 0) {
        down = ofRows;
        across = ofColumns;
        largest = magnitude;
      } else {
        String larger = graph.node("Less", largest, magnitude);
        down = graph.node("Where", larger, ofRows, down);
        across = graph.node("Where", larger, ofColumns, across);
        largest = graph.node("Where", larger, magnitude, largest);
      }
    }
    return graph.node(
        "Cast",
        List.of(blocks(histograms(down, across, largest, zero))),
        OnnxGraph.whole("to", OnnxGraph.FLOAT));
  }

  /** [samples, pixels of cells]: of each pixel's neighbours, cell by cell; 0 at a border. */
  private String differences(String pixels, int channel, int down, int across) {
    int count = cellsDown * step.pixelRows() * cellsAcross * step.pixelColumns();
    long[] after = new long[count];
    long[] before = new long[count];
    int next = 0;
    for (int cell = 0; cell < cellsDown * cellsAcross; cell++) {
      for (int pixel = 0; pixel < step.pixelRows() * step.pixelColumns(); pixel++) {
        int row = cell / cellsAcross * step.pixelRows() + pixel / step.pixelColumns();
        int column = cell % cellsAcross * step.pixelColumns() + pixel % step.pixelColumns();
        boolean border =
            down > 0
                ? row == 0 || row == shape.rows() - 1
                : column == 0 || column == shape.columns() - 1;
        int rows = border ? 0 : down;
        int columns = border ? 0 : across;
        after[next] = shape.feature(row + rows, column + columns, channel);
        before[next++] = shape.feature(row - rows, column - columns, channel);
      }
    }
    return graph.node(
        "Sub", gathered(pixels, List.of(count), after), gathered(pixels, List.of(count), before));
  }

  private String gathered(String values, List<Integer> shape, long[] places) {
    return graph.node(
        "Gather", List.of(values, graph.wholes(shape, places)), OnnxGraph.whole("axis", 1));
  }

  /** [samples, cells x orientations] */
  private String histograms(String down, String across, String magnitude, String zero) {
    String lower =
        graph.node(
            "Or",
            graph.node("Less", down, zero),
            graph.node(
                "And",
                graph.node("Not", graph.node("Less", zero, down)),
                graph.node("Less", across, zero)));
    int bins = step.orientations();
    String last = graph.wholes(2);
    String y = graph.node("Where", lower, graph.node("Neg", down), down);
    String x = graph.node("Where", lower, graph.node("Neg", across), across);
    double[] cosines = new double[bins];
    double[] sines = new double[bins];
    for (int i = 0; i < bins; i++) {
      // Exact where a gradient of whole numbers can lie on the edge.
      double edge = 180.0 / bins * i;
      cosines[i] =
          edge == 90
              ? 0
              : edge == 135 ? -1 : edge == 45 ? 1 : StrictMath.cos(StrictMath.toRadians(edge));
      sines[i] = edge == 135 || edge == 45 ? 1 : StrictMath.sin(StrictMath.toRadians(edge));
    }
    String side =
        graph.node(
            "Sub",
            graph.node(
                "Mul", graph.node("Unsqueeze", y, last), graph.constant(List.of(bins), cosines)),
            graph.node(
                "Mul", graph.node("Unsqueeze", x, last), graph.constant(List.of(bins), sines)));
    String counted =
        graph.node(
            "Where",
            graph.node("Less", side, zero),
            zero,
            graph.node("Unsqueeze", magnitude, last));
    int pixels = step.pixelRows() * step.pixelColumns();
    int cells = cellsDown * cellsAcross;
    String byCell = graph.node("Reshape", counted, graph.wholes(-1, cells, pixels, bins));
    String sums =
        graph.node("ReduceSum", List.of(byCell, graph.wholes(2)), OnnxGraph.whole("keepdims", 0));
    double[] lessTheNext = new double[bins * bins];
    for (int i = 0; i < bins; i++) {
      lessTheNext[i * bins + i] = 1;
      if (i > 0) {
        lessTheNext[i * bins + i - 1] = -1;
      }
    }
    String inBins = graph.node("MatMul", sums, graph.constant(List.of(bins, bins), lessTheNext));
    String means = graph.node("Div", inBins, graph.constant((double) pixels));
    return graph.node("Reshape", means, graph.wholes(-1, (long) cells * bins));
  }

  /** [samples, blocks x their features], each block normalised: L2-Hys. */
  private String blocks(String histograms) {
    int bins = step.orientations();
    int down = cellsDown - step.cellRows() + 1;
    int across = cellsAcross - step.cellColumns() + 1;
    int length = step.cellRows() * step.cellColumns() * bins;
    long[] places = new long[down * across * length];
    int next = 0;
    for (int block = 0; block < down * across; block++) {
      for (int i = 0; i < length; i++) {
        int cell = i / bins;
        int row = block / across + cell / step.cellColumns();
        int column = block % across + cell % step.cellColumns();
        places[next++] = (long) (row * cellsAcross + column) * bins + i % bins;
      }
    }
    String blocks = gathered(histograms, List.of(down * across, length), places);
    String cut = graph.node("Min", normalized(blocks), graph.constant(CUT));
    return graph.node("Reshape", normalized(cut), graph.wholes(-1, places.length));
  }

  private String normalized(String blocks) {
    String squares =
        graph.node(
            "ReduceSum",
            List.of(graph.node("Mul", blocks, blocks), graph.wholes(2)),
            OnnxGraph.whole("keepdims", 1));
    String length =
        graph.node("Sqrt", graph.node("Add", squares, graph.constant(EPSILON * EPSILON)));
    return graph.node("Div", blocks, length);
  }
}
