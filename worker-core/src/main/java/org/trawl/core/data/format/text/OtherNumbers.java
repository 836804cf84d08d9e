package org.trawl.core.data.format.text;

import java.util.List;
import org.trawl.core.data.sample.LabelForm;
import org.trawl.core.data.source.CsvDialect;
import org.trawl.core.data.source.SourceSpec.Header;

/** Texts that are numbers in another dialect than that in which a file is read. */
final class OtherNumbers {
  private static final List<CsvDialect> DIALECTS =
      List.of(
          dialect(',', CsvDialect.NONE),
          dialect('.', ','),
          dialect(',', '.'),
          dialect('.', ' '),
          dialect(',', ' '),
          dialect('.', '\''),
          dialect(',', '\''),
          dialect('.', '_'),
          CsvDialect.PLAIN);

  private OtherNumbers() {}

  private static CsvDialect dialect(char decimal, char thousands) {
    return new CsvDialect(Header.AUTO, decimal, thousands);
  }

  /** The number that a text is in the first dialect in which it is one; NaN for none. */
  static double value(String text) {
    for (CsvDialect dialect : candidate(text) ? DIALECTS : List.<CsvDialect>of()) {
      String number = dialect.number(text);
      if (LabelForm.number(number).isPresent()) {
        return Double.parseDouble(number);
      }
    }
    return Double.NaN;
  }

  /**
   * The keys with which all of some texts are numbers, as a cure; empty where there are none, and
   * where all are numbers without any.
   */
  static String cure(List<String> texts) {
    StringBuilder cure = new StringBuilder();
    if (texts.stream().allMatch(text -> LabelForm.number(text).isPresent())) {
      return "";
    }
    for (CsvDialect dialect :
        texts.stream().allMatch(OtherNumbers::candidate) ? DIALECTS : List.<CsvDialect>of()) {
      boolean all =
          texts.stream().allMatch(text -> LabelForm.number(dialect.number(text)).isPresent());
      boolean shorter = dialect.decimal() == ',' && dialect.thousands() != CsvDialect.NONE;
      if (all && !dialect.plainNumbers() && !(shorter && !cure.isEmpty())) {
        cure.append(cure.isEmpty() ? "" : ", or ").append(keys(dialect));
      }
    }
    return cure.toString();
  }

  private static String keys(CsvDialect dialect) {
    String decimal = dialect.decimal() == ',' ? "decimal = \",\"" : "";
    String thousands =
        dialect.thousands() == CsvDialect.NONE ? "" : "thousands = \"" + dialect.thousands() + '"';
    return decimal + (decimal.isEmpty() || thousands.isEmpty() ? "" : " and ") + thousands;
  }

  private static boolean candidate(String text) {
    if (text.isEmpty() || text.length() > 40) {
      return false;
    }
    char last = text.charAt(text.length() - 1);
    char start = text.charAt(0);
    boolean sign = start == '-' || start == '+' || start == ',' || start == '.';
    return last >= '0' && last <= '9' && (sign || (start >= '0' && start <= '9'));
  }
}
