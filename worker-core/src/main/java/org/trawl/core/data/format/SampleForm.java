package org.trawl.core.data.format;

import org.trawl.core.data.sample.SampleShape;

/** What the files of a source have in common: the shape of samples, and whether all are bytes. */
public final class SampleForm {
  private static final double BYTES = 255;

  private SampleShape shape = SampleShape.NONE;
  private boolean bytes = true;
  private int files;

  /** Adds a file's samples. */
  public void add(SampleShape found, boolean foundBytes) {
    shape = files == 0 || shape.equals(found) ? found : SampleShape.NONE;
    bytes &= foundBytes;
    files++;
  }

  /** The shape of all samples; none where files differ. */
  public SampleShape shape() {
    return shape;
  }

  /** The largest value that the files' type can hold; 0 for unknown. */
  public double fullScale() {
    return bytes && files > 0 ? BYTES : 0;
  }
}
