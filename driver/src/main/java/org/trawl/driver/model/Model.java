package org.trawl.driver.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.trawl.core.data.format.text.CsvForm;
import org.trawl.core.data.preparation.Preparation;
import org.trawl.core.data.sample.Columns;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.sample.LabelForm;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.source.TableForm;
import org.trawl.core.data.split.TrainingData;
import org.trawl.core.kernel.Kernels;
import org.trawl.core.network.Activation;
import org.trawl.core.network.Initializer;
import org.trawl.core.network.Loss;
import org.trawl.core.network.Network;
import org.trawl.core.network.NetworkSpec;
import org.trawl.core.network.NetworkTensors;
import org.trawl.core.network.Tensor;
import org.trawl.core.training.TrialSpec;

/**
 * A trained network with all that using it takes: a safetensors file whose tensors are those of
 * {@link NetworkTensors} and of the preparation ({@code prepare.0.scale}, ...), and whose metadata
 * says the rest, as JSON where it is not one word.
 *
 * @param trial hash of the trial
 * @param epoch after which the weights are these, from 1
 * @param config the whole trial as JSON
 * @param network what it is; of its training only the shape matters here
 * @param loss that it was trained by
 * @param classes names of the classes in the order of the outputs
 * @param preparation from the features of the data to those of the network
 * @param names of the features of its data, in their order; empty where it names none
 * @param label the label column of its data: where features have names, its name; else where that
 *     is CSV, a name or a position; empty for the last one
 * @param table how the columns of its data were read
 * @param labels how the labels of its data became classes
 * @param image what its images look like; empty for other data
 * @param weights by name
 */
public record Model(
    String trial,
    int epoch,
    String config,
    NetworkSpec network,
    Loss loss,
    List<String> classes,
    Preparation preparation,
    List<String> names,
    String label,
    TableForm table,
    LabelForm labels,
    Optional<ImageInput> image,
    Map<String, Tensor> weights) {

  private static final String VERSION = "1";
  private static final String VERSION_KEY = "trawl.model";
  private static final ObjectMapper JSON = new ObjectMapper();

  public Model {
    classes = List.copyOf(classes);
    names = List.copyOf(names);
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
  }

  /** What a training has made of a network. */
  public static Model of(
      String trial, String config, TrialSpec spec, TrainingData data, int epoch, Network network) {
    Columns columns = data.source().columns();
    return new Model(
        trial,
        epoch,
        config,
        spec.network(),
        spec.training().loss(),
        data.classes(),
        data.preparation(),
        columns.names(),
        columns.names().isEmpty() ? spec.data().source().label() : columns.label(),
        spec.data().source().form(),
        columns.labels(),
        ImageInput.of(data, spec.data().source()),
        NetworkTensors.of(network));
  }

  /** The number of features of a sample, before it is prepared. */
  public int features() {
    return preparation.inputs();
  }

  /** How samples lie in a CSV file. */
  public CsvForm form() {
    return new CsvForm(
        features(),
        names,
        label,
        preparation.texts(),
        table,
        preparation.imputes() ? CsvForm.Missing.KEPT : CsvForm.Missing.REFUSED);
  }

  /** The name of the data set that it was trained on. */
  public String source() {
    try {
      return JSON.readTree(config).path("data").path("source").asText("");
    } catch (JsonProcessingException unknown) {
      return "";
    }
  }

  /** Whether a label as a file writes it means a class, as in the files that were trained on. */
  public boolean names(String label, int type) {
    return labels.same(labels.taken(label), classes.get(type));
  }

  /** The weights in a file of tensors: all of them, but of a model's file those of its network. */
  static Map<String, Tensor> weights(SafeTensors file) {
    Map<String, Tensor> weights = new LinkedHashMap<>(file.tensors());
    if (file.metadata().containsKey(VERSION_KEY)) {
      weights.keySet().removeIf(name -> name.startsWith(PreparationFile.PREFIX));
    }
    return weights;
  }

  /** The network, with its weights. */
  public Network newNetwork(Kernels kernels) {
    Network made = new Network(network, preparation.outputs(), classes.size(), loss, kernels);
    NetworkTensors.load(weights, made);
    return made;
  }

  /** The bytes of its file. */
  public byte[] encode() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(VERSION_KEY, VERSION);
    metadata.put("trawl.trial", trial);
    metadata.put("trawl.epoch", String.valueOf(epoch));
    metadata.put("trawl.classes", JSON.valueToTree(classes).toString());
    metadata.put("trawl.network", networkJson().toString());
    metadata.put("trawl.loss", loss.key());
    Map<String, Tensor> tensors = new LinkedHashMap<>(weights);
    ArrayNode steps = JSON.createArrayNode();
    PreparationFile.write(preparation, steps, tensors);
    metadata.put("trawl.label", label);
    if (!names.isEmpty()) {
      metadata.put("trawl.features", JSON.valueToTree(names).toString());
    }
    ObjectNode form = TableFormFile.write(table, labels);
    if (!form.isEmpty()) {
      metadata.put("trawl.table", form.toString());
    }
    metadata.put("trawl.preparation", steps.toString());
    image.ifPresent(there -> metadata.put("trawl.image", image(there).toString()));
    metadata.put("trawl.config", config);
    return SafeTensors.of(metadata, tensors).encode();
  }

  private static ObjectNode image(ImageInput image) {
    ObjectNode json = JSON.createObjectNode();
    json.put("height", image.shape().rows());
    json.put("width", image.shape().columns());
    json.put("channels", image.shape().channels());
    json.put("fullScale", image.fullScale());
    json.put("background", image.background());
    json.put("extent", image.extent());
    json.put("kind", image.kind().key());
    json.put("transposed", image.transposed());
    return json;
  }

  private ObjectNode networkJson() {
    ObjectNode json = JSON.createObjectNode();
    network.hidden().forEach(json.putArray("hidden")::add);
    json.put("activation", network.activation().key());
    json.put("output", network.output().key());
    json.put("bias", network.bias());
    json.put("batch_norm", network.batchNorm());
    return json;
  }

  /**
   * Reads the bytes of a model's file.
   *
   * @param address of the file, for errors
   * @throws DataException if they are not that
   */
  public static Model decode(byte[] bytes, String address) {
    SafeTensors file = SafeTensors.decodeReals(bytes, address);
    String version = file.metadata().get(VERSION_KEY);
    if (!VERSION.equals(version)) {
      throw new DataException(
          "Cannot read %s as a model: expected %s = %s in its metadata, found %s"
              .formatted(address, VERSION_KEY, VERSION, version == null ? "none" : version));
    }
    try {
      Model model = decode(file);
      model.newNetwork(Kernels.plain()); // all weights fit
      model.form(); // as many names as features
      if (!model.weights().keySet().containsAll(expected(model))) {
        throw new IllegalArgumentException("weights are missing");
      }
      return model;
    } catch (IllegalArgumentException | NullPointerException | JsonProcessingException damaged) {
      throw new DataException(
          "Cannot read %s as a model: %s".formatted(address, damaged.getMessage()), damaged);
    }
  }

  private static Set<String> expected(Model model) {
    return NetworkTensors.shapes(model.newNetwork(Kernels.plain()).layout()).keySet();
  }

  private static Model decode(SafeTensors file) throws JsonProcessingException {
    Map<String, String> metadata = file.metadata();
    JsonNode table = JSON.readTree(metadata.getOrDefault("trawl.table", "{}"));
    JsonNode image = JSON.readTree(metadata.getOrDefault("trawl.image", "null"));
    return new Model(
        text(metadata, "trawl.trial"),
        Integer.parseInt(text(metadata, "trawl.epoch")),
        text(metadata, "trawl.config"),
        network(JSON.readTree(text(metadata, "trawl.network"))),
        constant(Loss.values(), Loss::key, text(metadata, "trawl.loss")),
        texts(JSON.readTree(text(metadata, "trawl.classes"))),
        PreparationFile.read(JSON.readTree(text(metadata, "trawl.preparation")), file.tensors()),
        texts(JSON.readTree(metadata.getOrDefault("trawl.features", "[]"))),
        text(metadata, "trawl.label"),
        TableFormFile.read(table),
        TableFormFile.labels(table),
        image.isNull() ? Optional.empty() : Optional.of(image(image)),
        weights(file));
  }

  private static String text(Map<String, String> metadata, String key) {
    String text = metadata.get(key);
    if (text == null) {
      throw new IllegalArgumentException("no " + key + " in its metadata");
    }
    return text;
  }

  private static NetworkSpec network(JsonNode json) {
    List<Integer> hidden = new ArrayList<>();
    json.path("hidden").forEach(width -> hidden.add(width.asInt()));
    return new NetworkSpec(
        hidden,
        constant(Activation.values(), Activation::key, json.path("activation").asText()),
        constant(Activation.values(), Activation::key, json.path("output").asText()),
        json.path("bias").asBoolean(),
        Initializer.ZERO,
        Collections.nCopies(hidden.size(), 0.0),
        json.path("batch_norm").asBoolean());
  }

  private static ImageInput image(JsonNode json) {
    return new ImageInput(
        new SampleShape(
            json.path("height").asInt(),
            json.path("width").asInt(),
            json.path("channels").asInt(1)),
        json.path("fullScale").asDouble(),
        json.path("background").asDouble(),
        json.path("extent").asDouble(),
        constant(ImageInput.Kind.values(), ImageInput.Kind::key, json.path("kind").asText("drawn")),
        json.path("transposed").asBoolean());
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static <E> E constant(E[] constants, Function<E, String> word, String key) {
    return Arrays.stream(constants)
        .filter(constant -> word.apply(constant).equals(key))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown word: " + key));
  }
}
