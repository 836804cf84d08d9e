package org.trawl.core.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trawl.core.data.TestSources;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.Dataset;
import org.trawl.core.data.sample.Samples;
import org.trawl.core.data.source.SourceSpec.Header;

final class CsvDialectTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "a;b;k#1,5;-0,25;x#2;3,0;y|,|N|1.5 -0.25 2 3",
        "1,5;2,5;x#3,5;4,5;y|,|N|1.5 2.5 3.5 4.5",
        "a;b;k#1.234,5;1.234.567;x#0,5;-12;y|,|.|1234.5 1234567 0.5 -12",
        "a,b,k#'20,177',-1.5,x#'1,234,567.25',4,y|.|,|20177 -1.5 1234567.25 4",
        "a,b,k#'1,5','2,5',x#'3,5',4,y|,|N|1.5 2.5 3.5 4",
        "a;b;k#1 234,5;12;x#12\u00A0345;7\u202F000;y|,|S|1234.5 12 12345 7000",
        "a;b;k#1_000;12;x#3;7;y|.|_|1000 12 3 7",
        "a;b;k#12,34,567.5;1e3;x#3;7;y|.|,|1234567.5 1000 3 7"
      })
  void numbers_areReadAsTheDialectWritesThem(
      String text, char decimal, char thousands, String expected) {
    char grouping = thousands == 'N' ? CsvDialect.NONE : thousands == 'S' ? ' ' : thousands;
    CsvDialect dialect = new CsvDialect(Header.AUTO, decimal, grouping);

    Dataset dataset = read(text.replace('#', '\n').replace('\'', '"'), dialect);

    String[] numbers = expected.split(" ", -1);
    for (int i = 0; i < numbers.length; i++) {
      assertEquals(Float.parseFloat(numbers[i]), value(dataset, i), text);
    }
    assertEquals(List.of("x", "y"), dataset.classes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.5|,|N",
        "0,025|.|,",
        "1.23,4|,|.",
        "12345,678|.|,",
        "1,2|.|,",
        ",123|.|,",
        "1,234,5|.|,",
        "1,,234|.|,",
        "1,234.5.6|.|,",
        "1,5,2|,|N"
      })
  void whatIsNoNumberOfTheDialect_isRefused(String field, char decimal, char thousands) {
    CsvDialect dialect =
        new CsvDialect(Header.PRESENT, decimal, thousands == 'N' ? CsvDialect.NONE : thousands);

    DataException error =
        assertThrows(DataException.class, () -> read("a;k\n1;x\n%s;y\n".formatted(field), dialect));

    assertTrue(error.getMessage().contains("t.csv:3: column 0 (a): expected a number, found"));
  }

  /** No other way of writing numbers makes it a smaller one. */
  @Test
  void aNumberThatIsTooLarge_hasNoCure() {
    DataException error =
        assertThrows(DataException.class, () -> read("a;k\n1;x\n1e400;y\n", CsvDialect.PLAIN));

    assertTrue(error.getMessage().endsWith("expected a number below 3.5e38, found \"1e400\""));
  }

  @Test
  void labelsThatAreNumbers_areOnesOfTheDialect() {
    Dataset dataset =
        read("a;k\n1;1,0\n2;2,5\n3;1\n", new CsvDialect(Header.AUTO, ',', CsvDialect.NONE));

    assertEquals(List.of("1.0", "2.5"), dataset.classes());
    assertArrayEquals(new int[] {0, 1, 0}, dataset.labels());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sep=;\n", "SEP=;\r\n", "\"sep=;\"\n", "\uFEFFsep=;\r", "sep=|\n", "sep=\t\n"})
  void excelsFirstLine_saysTheSeparator(String first) {
    char separator = first.replaceAll("[^;|\t]", "").charAt(0);
    String text = first + "a,a,a;b,b,b;k\n1;2;x\n3;4;y\n5;oops;x\n".replace(';', separator);

    DataException error = assertThrows(DataException.class, () -> read(text, CsvDialect.PLAIN));

    assertTrue(
        error.getMessage().contains("t.csv:5: column 1 (b,b,b): expected a number, found \"oops\""),
        error.getMessage());
  }

  private Dataset read(String text, CsvDialect dialect) {
    SourceSpec plain = TestSources.csv(TestSources.write(folder, "t.csv", text), "", Header.AUTO);
    TableForm form = new TableForm(dialect, TableForm.Labels.AUTO, List.of(), List.of());
    return TestSources.read(TestSources.with(plain, "", form));
  }

  private static float value(Dataset dataset, int index) {
    return dataset.samples() instanceof Samples.Bytes bytes
        ? bytes.data()[index] & 0xFF
        : ((Samples.Reals) dataset.samples()).held().data[index];
  }
}
