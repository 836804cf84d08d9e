package org.trawl.driver.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.trawl.core.data.format.image.ImageDecoder.Image;
import org.trawl.core.data.sample.SampleShape;

class GrayImageTest {
  /** Bright ink on dark paper, as MNIST's digits are: the middle half of the image. */
  private static final ImageInput BRIGHT_INK = drawn(255, 0);

  private static ImageInput drawn(double fullScale, double background) {
    SampleShape shape = new SampleShape(4, 4, 1);
    return new ImageInput(shape, fullScale, background, 0.5, ImageInput.Kind.DRAWN, false);
  }

  private static GrayImage image(int height, int width, float... pixels) {
    return new GrayImage(height, width, pixels);
  }

  private static float[] single(double[] features) {
    float[] single = new float[features.length];
    for (int i = 0; i < single.length; i++) {
      single[i] = (float) features[i];
    }
    return single;
  }

  @Test
  void colourBecomesLumaAndTransparencyWhite() {
    byte full = (byte) 255;
    byte[] pixels = {full, 0, 0, full, 0, full, 0, full, 0, 0, full, full, 0, 0, 0, 0};
    Image picture = new Image(new SampleShape(2, 2, 4), pixels);
    assertArrayEquals(
        new float[] {0.299f, 0.587f, 0.114f, 1}, GrayImage.of(picture).pixels(), 1e-6f);
  }

  @Test
  void aPictureOfTheRightSizeIsTakenAsItIsOrInverted() {
    float[] bright = {0, 0, 0, 0, 0, 1, .5f, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    float[] expected = {0, 0, 0, 0, 0, 255, 127.5f, 0, 0, 255, 0, 0, 0, 0, 0, 0};
    GrayImage picture = image(4, 4, bright);
    assertArrayEquals(expected, single(BRIGHT_INK.drawn(picture)), 1e-4f);
    assertArrayEquals(expected, single(BRIGHT_INK.drawn(picture.inverted())), 1e-4f);
    ImageInput darkInk = drawn(1, 0.9);
    assertArrayEquals(picture.inverted().pixels(), single(darkInk.drawn(picture)), 1e-6f);
    assertArrayEquals(
        picture.inverted().pixels(), single(darkInk.drawn(picture.inverted())), 1e-6f);
  }

  /** A gray 4 x 2 bar in the corner of a larger sheet: 2 x 1 pixels, white, in the middle. */
  @Test
  void theInkOfAPictureOfAnotherSizeIsCutOutScaledAndCentred() {
    float[] sheet = new float[10 * 8];
    Arrays.fill(sheet, 0.8f);
    for (int y = 1; y < 5; y++) {
      sheet[y * 8 + 1] = 0.2f;
      sheet[y * 8 + 2] = 0.2f;
    }
    float[] expected = {0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 0, 0};
    assertArrayEquals(expected, single(BRIGHT_INK.drawn(image(10, 8, sheet))), 1e-3f);
  }

  @Test
  void scalingDownTakesTheMeanOfAreas() {
    GrayImage three = image(3, 3, 0, 0, 0, 0, 0.9f, 0, 0, 0, 0);
    // Each of the 2 x 2 pixels covers a quarter of the middle one, 1.5 x 1.5 in all: 1/9 of it.
    GrayImage two = three.placed(new GrayImage.Box(0, 0, 3, 3), 2, 2, 1);
    assertArrayEquals(new float[] {1f / 9, 1f / 9, 1f / 9, 1f / 9}, two.pixels(), 1e-6f);
  }

  @Test
  void anEmptySheetIsNoInk() {
    GrayImage empty = image(5, 5, new float[25]);
    assertEquals(new GrayImage.Box(0, 0, 5, 5), empty.inkBox(0.2));
    assertArrayEquals(new float[16], single(BRIGHT_INK.drawn(empty)));
  }
}
