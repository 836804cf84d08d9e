package org.trawl.core.data.format.array;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.trawl.core.data.format.PartReader;
import org.trawl.core.data.format.SampleForm;
import org.trawl.core.data.format.array.NumberArray.NumberType;
import org.trawl.core.data.sample.LabelsBuilder;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.sample.SamplesBuilder;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.storage.Archive;
import org.trawl.core.data.storage.SourceFile;
import org.trawl.core.data.storage.Storage;

/**
 * Reads NumPy's arrays: .npy files (numpy.lib.format: a magic, a version, a header in Python's
 * syntax, then the values) and .npz archives of them. The first dimension counts samples; the
 * others are flattened into features, last dimension first.
 */
public final class NpyReader implements PartReader {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_HEADER = 1 << 16;
  private static final Pattern DESCRIPTION =
      Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([a-zA-Z])(\\d{1,6})'");
  private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9L, ]*)\\)");

  private final SourceSpec source;
  private final Storage storage;
  private final SamplesBuilder samples;
  private final LabelsBuilder labels;
  private final SampleForm form = new SampleForm();

  public NpyReader(
      SourceSpec source, Storage storage, SamplesBuilder samples, LabelsBuilder labels) {
    this.source = source;
    this.storage = storage;
    this.samples = samples;
    this.labels = labels;
  }

  /**
   * What stands before the values.
   *
   * @param array empty for texts
   * @param characters of a text
   * @param charset of texts
   * @param count the product of all sizes
   */
  private record Header(
      Optional<NumberArray> array, int characters, Charset charset, int[] sizes, long count) {}

  @Override
  public void read(Part part) {
    NamedArrays names = new NamedArrays(source, part);
    for (NamedArrays.Pair pair : names.pairs()) {
      String samplesAddress = pair.samples();
      String labelsAddress = pair.labels();
      if (source.format() == Format.NPZ) {
        samplesAddress = names.samples(pair, arrays(part, samplesAddress));
        labelsAddress = names.labels(pair, arrays(part, labelsAddress));
      }
      read(part, names, samplesAddress, labelsAddress);
    }
  }

  @Override
  public double fullScale() {
    return form.fullScale();
  }

  @Override
  public SampleShape shape() {
    return form.shape();
  }

  /** The arrays in an archive; none are looked for where the address names one. */
  private List<String> arrays(Part part, String address) {
    List<String> names = new ArrayList<>();
    if (!SourceFile.entry(address).isEmpty()) {
      return names;
    }
    try (SourceFile file = SourceFile.open(source, part.word() + " samples", address, storage)) {
      Archive archive =
          Archive.of(file)
              .orElseThrow(
                  () -> file.wrong(0, "an NPZ file, which is a zip archive", "another kind"));
      for (Optional<String> name = archive.next(); name.isPresent(); name = archive.next()) {
        names.add(name.get().replaceFirst("\\.npy$", ""));
      }
    }
    return names;
  }

  private void read(Part part, NamedArrays names, String samplesAddress, String labelsAddress) {
    String word = part.word();
    try (SourceFile file = SourceFile.open(source, word + " samples", samplesAddress, storage);
        SourceFile labelFile = SourceFile.open(source, word + " labels", labelsAddress, storage)) {
      NumberArray array =
          header(file).array().orElseThrow(() -> file.wrong(0, "an array of numbers", "texts"));
      Header label = header(labelFile);
      if (array.sizes().length < 2) {
        throw file.wrong(0, "at least 2 dimensions (samples, features)", "" + array.sizes().length);
      }
      if (label.sizes().length != 1 && label.count() != label.sizes()[0]) {
        throw labelFile.wrong(0, "1 dimension, a label a sample", "" + label.sizes().length);
      }
      if (label.count() != array.sizes()[0]) {
        throw labelFile.wrong(
            0,
            String.format(
                Locale.ROOT, "%d labels, one a sample of %s", array.sizes()[0], samplesAddress),
            "" + label.count());
      }
      names.checkFeatures(file, samples, array.features(0));
      form.add(array.sampleShape(0), array.type() == NumberType.UINT8);
      array.readSamples(file, 0, samples);
      if (label.array().isPresent()) {
        label.array().get().readLabels(labelFile, labels);
      } else {
        readTexts(labelFile, label);
      }
    }
  }

  private static Header header(SourceFile file) {
    byte[] start = file.readExactly(8, "the first 8 bytes of an NPY file");
    if (!Arrays.equals(MAGIC, Arrays.copyOf(start, MAGIC.length))) {
      throw file.wrong(
          0,
          "0x93NUMPY, with which an NPY file starts",
          String.format(Locale.ROOT, "0x%02X%02X", start[0], start[1]));
    }
    int version = start[6];
    if (version < 1 || version > 3) {
      throw file.wrong(6, "a version of NPY from 1 to 3", "" + version);
    }
    byte[] size = file.readExactly(version == 1 ? 2 : 4, "the length of the header");
    long length = 0;
    for (int i = size.length - 1; i >= 0; i--) {
      length = (length << 8) | (size[i] & 0xFF);
    }
    if (length > LONGEST_HEADER) {
      throw file.wrong(
          8,
          String.format(Locale.ROOT, "a header of at most %d bytes", LONGEST_HEADER),
          "" + length);
    }
    long offset = file.position();
    String text =
        new String(file.readExactly((int) length, "the header"), StandardCharsets.ISO_8859_1);
    return header(file, offset, text);
  }

  private static Header header(SourceFile file, long offset, String text) {
    Matcher shape = SHAPE.matcher(text);
    Matcher fortran = FORTRAN.matcher(text);
    if (!shape.find() || !fortran.find()) {
      throw file.wrong(offset, "'shape' and 'fortran_order'", shown(text));
    }
    List<String> dimensions =
        Arrays.stream(shape.group(1).replace("L", "").split(","))
            .map(String::strip)
            .filter(size -> !size.isEmpty())
            .toList();
    if (dimensions.isEmpty() || !dimensions.stream().allMatch(size -> size.matches("\\d{1,18}"))) {
      throw file.wrong(offset, "at least 1 dimension", "(" + shape.group(1) + ")");
    }
    long[] sizes = dimensions.stream().mapToLong(Long::parseLong).toArray();
    long count = NumberArray.checked(file, offset, 0, sizes);
    int[] checked = Arrays.stream(sizes).mapToInt(size -> (int) size).toArray();
    Matcher description = DESCRIPTION.matcher(text);
    String expected = "numbers (b1, i1 to i8, u1 to u8, f2 to f8) or texts (U, S) in 'descr'";
    if (!description.find()) {
      throw file.wrong(offset, expected, shown(text));
    }
    ByteOrder order =
        description.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    int width = Integer.parseInt(description.group(3));
    String kind = description.group(2);
    if (kind.equals("U") || kind.equals("S")) {
      if (width < 1 || width > LabelsBuilder.LONGEST_LABEL) {
        throw file.wrong(
            offset,
            String.format(Locale.ROOT, "texts of 1 to %d characters", LabelsBuilder.LONGEST_LABEL),
            "" + width);
      }
      String utf32 = order == ByteOrder.BIG_ENDIAN ? "UTF-32BE" : "UTF-32LE";
      Charset charset = kind.equals("U") ? Charset.forName(utf32) : StandardCharsets.UTF_8;
      return new Header(Optional.empty(), width, charset, checked, count);
    }
    NumberType type = type(kind + width);
    if (type == null) {
      throw file.wrong(offset, expected, kind + width);
    }
    boolean columnMajor = fortran.group(1).equals("True");
    return new Header(
        Optional.of(new NumberArray(type, order, checked, columnMajor)),
        0,
        StandardCharsets.UTF_8,
        checked,
        count);
  }

  /** Of values, by their description; null for none. */
  private static NumberType type(String description) {
    return switch (description) {
      case "b1", "u1" -> NumberType.UINT8;
      case "i1" -> NumberType.INT8;
      case "u2" -> NumberType.UINT16;
      case "i2" -> NumberType.INT16;
      case "u4" -> NumberType.UINT32;
      case "i4" -> NumberType.INT32;
      case "u8" -> NumberType.UINT64;
      case "i8" -> NumberType.INT64;
      case "f2" -> NumberType.FLOAT16;
      case "f4" -> NumberType.FLOAT32;
      case "f8" -> NumberType.FLOAT64;
      default -> null;
    };
  }

  private static String shown(String header) {
    String text = header.strip().replaceAll("\\p{Cntrl}|[^\\x20-\\x7E]", "?");
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }

  private static String text(SourceFile file, long offset, byte[] bytes, Charset charset) {
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException damaged) {
      throw file.wrong(offset, "a text in " + charset, "other bytes");
    }
  }

  private void readTexts(SourceFile file, Header header) {
    int width = header.characters() * (header.charset().equals(StandardCharsets.UTF_8) ? 1 : 4);
    for (long i = 0; i < header.count(); i++) {
      long offset = file.position();
      byte[] bytes =
          file.readExactly(width, String.format(Locale.ROOT, "a text of %d bytes", width));
      String text = text(file, offset, bytes, header.charset()).replaceAll("\0+$", "").strip();
      if (text.isEmpty()) {
        throw file.wrong(offset, "a label", "an empty text");
      }
      int code = labels.code(text);
      if (code == LabelsBuilder.UNKNOWN) {
        throw file.wrong(offset, labels.expected(text), '"' + text + '"');
      }
      labels.add(code);
    }
    file.requireEnd(String.format(Locale.ROOT, "%d texts", header.count()));
  }
}
