package org.trawl.core.data.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.format.image.ImageDecoder;

class FileKindTest {
  @ParameterizedTest
  @EnumSource(
      value = FileKind.class,
      names = {"PNG", "JPEG", "BMP", "GIF"})
  void picturesAreKnownByTheirContent(FileKind kind) throws IOException {
    for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_3BYTE_BGR}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      BufferedImage image = new BufferedImage(3, 2, type);
      assertTrue(ImageIO.write(image, kind.name().toLowerCase(Locale.ROOT), bytes));
      assertEquals(kind, FileKind.of(bytes.toByteArray()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BMI,glucose,age\n-0.8882,-1.0196,1.9626\n",
        "BM,age,height,width,depth,kind\n1,2,3,4,5,6\n",
        "GIFT,price,shop,town,kind,year\n1,2,3,4,5,6\n",
        "GIF,price,shop,town,kind,year,month\n1,2,3,4\n",
        "PNG,JPG\n1,2\n",
        "\u0089PNG\n",
        "BM",
        ""
      })
  void textsThatBeginAsPicturesDoAreNone(String text) {
    assertEquals(FileKind.OTHER, FileKind.of(text.getBytes(StandardCharsets.UTF_8)));
    assertEquals(FileKind.OTHER, FileKind.of(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** A sample of bytes in a table may be 66 and 77 at first, which are B and M. */
  @Test
  void bytesThatBeginWithTheLettersOfABitmapAreNoImage() {
    byte[] sample = new byte[64];
    sample[0] = 'B';
    sample[1] = 'M';
    assertFalse(ImageDecoder.starts(sample));
  }

  @Test
  void idxHasATypeAndDimensions() {
    assertEquals(FileKind.IDX, FileKind.of(new byte[] {0, 0, 8, 3, 0, 0, 0, 1}));
    assertEquals(FileKind.OTHER, FileKind.of(new byte[] {0, 0, 7, 3, 0, 0, 0, 1}));
    assertEquals(FileKind.OTHER, FileKind.of(new byte[] {0, 0, 8, 0}));
    assertEquals(FileKind.OTHER, FileKind.of(new byte[] {0, 0, 0, 'a', 0, 0, 0, ','}));
  }
}
