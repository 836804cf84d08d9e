package org.trawl.driver.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters$;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.QueryPlanningTracker;
import org.apache.spark.sql.catalyst.analysis.Analyzer;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.catalog.InMemoryCatalog;
import org.apache.spark.sql.catalyst.catalog.SessionCatalog;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression$;
import org.apache.spark.sql.catalyst.optimizer.ReplaceExpressions$;
import org.apache.spark.sql.catalyst.optimizer.RewriteWithExpression$;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.trees.TreePattern$;
import org.apache.spark.sql.catalyst.types.DataTypeUtils;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.internal.SQLConf$;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * The predicate of {@code sweep.where}: Spark SQL over the key columns of the table trials and the
 * column variant; a point for which it is NULL is dropped.
 *
 * <p>Spark's own parser, analyzer and expressions read and evaluate it, so that it means what it
 * means in a query; but they run without a session, which would take seconds to start. The analyzed
 * filter is rewritten by the two rules that every query goes through before it can be evaluated,
 * and its condition is then interpreted row by row. Settings are Spark's defaults (ANSI), whatever
 * session there may be.
 */
public final class Where {
  private static final String VARIANT = "variant";

  /** Columns of the table trials that are known only after training. */
  private static final List<String> RESULTS =
      List.of(
          "status",
          "epochs_run",
          "best_epoch",
          "seconds",
          "samples_per_second",
          "started",
          "ended",
          "host",
          "attempt",
          "kernels",
          "message",
          "parameters");

  private static final StructType SCHEMA = KeyColumns.schema().add(VARIANT, DataTypes.StringType);

  private static final SQLConf SETTINGS = settings();
  private static final Function1<Object, Object> TO_CATALYST =
      CatalystTypeConverters$.MODULE$.createToCatalystConverter(SCHEMA);

  private final String predicate;
  private final Place place;

  /** What is computed from a row before the condition, each bound to the row before. */
  private final List<List<Expression>> projections = new ArrayList<>();

  private final Expression condition;

  /**
   * Reads a predicate.
   *
   * @throws InputException with what is wrong with it, without its place
   */
  Where(String predicate, Place place) {
    this.predicate = predicate;
    this.place = place;
    this.condition =
        withSettings(
            () -> {
              try {
                return compile();
              } catch (InputException wrong) {
                throw wrong;
              } catch (Exception wrong) {
                throw refused(message(wrong));
              }
            });
  }

  /** As written. */
  public String predicate() {
    return predicate;
  }

  public Place place() {
    return place;
  }

  /**
   * Whether it holds for a point.
   *
   * @throws InputException if it cannot be evaluated, a division by zero say; without its place
   */
  public boolean holds(Map<Key, Object> values, String variant) {
    Map<String, Object> columns = new LinkedHashMap<>();
    KeyColumns.put(values, columns);
    columns.put(VARIANT, variant.isEmpty() ? null : variant);
    return withSettings(
        () -> {
          try {
            InternalRow row = internal(columns);
            for (List<Expression> projection : projections) {
              InternalRow before = row;
              row =
                  new GenericInternalRow(
                      projection.stream().map(part -> part.eval(before)).toArray());
            }
            return Boolean.TRUE.equals(condition.eval(row));
          } catch (RuntimeException wrong) {
            throw refused(message(wrong));
          }
        });
  }

  private Expression compile() throws Exception {
    Expression parsed = new CatalystSqlParser().parseExpression(predicate);
    if (SubqueryExpression$.MODULE$.hasSubquery(parsed)) {
      throw refused("subqueries are refused");
    }
    parsed.foreach(
        node -> {
          if (node instanceof UnresolvedAttribute attribute) {
            checkColumn(String.join(".", CollectionConverters.asJava(attribute.nameParts())));
          } else if (node instanceof UnresolvedFunction function) {
            checkFunction(CollectionConverters.asJava(function.nameParts()));
          }
          return BoxedUnit.UNIT;
        });
    LogicalPlan analyzed =
        analyzer()
            .executeAndCheck(
                new Filter(parsed, relation()), new QueryPlanningTracker(Option.empty()));
    Expression filter = ((Filter) analyzed).condition();
    if (!filter.deterministic() || filter.containsPattern(TreePattern$.MODULE$.CURRENT_LIKE())) {
      throw refused("it does not always give the same");
    }
    LogicalPlan plan =
        RewriteWithExpression$.MODULE$.apply(ReplaceExpressions$.MODULE$.apply(analyzed));
    while (plan instanceof Project outer) {
      plan = outer.child();
    }
    Filter rewritten = (Filter) plan;
    addProjections(rewritten.child());
    return bound(rewritten.condition(), rewritten.child());
  }

  private void addProjections(LogicalPlan plan) {
    if (plan instanceof Project project) {
      addProjections(project.child());
      projections.add(
          CollectionConverters.asJava(project.projectList()).stream()
              .map(part -> bound((Expression) part, project.child()))
              .toList());
    }
  }

  private static Expression bound(Expression expression, LogicalPlan input) {
    return BindReferences.bindReference(
        expression,
        org.apache.spark.sql.catalyst.expressions.package$.MODULE$.AttributeSeq(input.output()),
        false);
  }

  private static Analyzer analyzer() {
    return new Analyzer(
        new SessionCatalog(
            new InMemoryCatalog(new SparkConf(false), new Configuration(false)),
            FunctionRegistry$.MODULE$.builtin()));
  }

  private static LogicalPlan relation() {
    List<Attribute> attributes =
        new ArrayList<>(CollectionConverters.asJava(DataTypeUtils.toAttributes(SCHEMA)));
    Seq<Attribute> output = CollectionConverters.asScala(attributes).toSeq();
    Seq<InternalRow> none = CollectionConverters.asScala(List.<InternalRow>of()).toSeq();
    return new LocalRelation(output, none, false, Option.empty());
  }

  private static InternalRow internal(Map<String, Object> columns) {
    Object[] values =
        Arrays.stream(SCHEMA.fieldNames())
            .map(columns::get)
            .map(
                value ->
                    value instanceof List<?> list
                        ? CollectionConverters.asScala(list).toSeq()
                        : value)
            .toArray();
    return (InternalRow) TO_CATALYST.apply(RowFactory.create(values));
  }

  private void checkColumn(String name) {
    TreeSet<String> columns = new TreeSet<>(Arrays.asList(SCHEMA.fieldNames()));
    String plain = name.toLowerCase(Locale.ROOT);
    if (columns.contains(plain)) {
      return;
    }
    if (Objective.metrics().contains(plain) || RESULTS.contains(plain)) {
      throw refused(name + " does not exist before training");
    }
    String ofKey = Keys.find(name).map(Key::column).orElse("");
    String dashed =
        Keys.all().stream()
            .filter(key -> key.lastPart().contains("-") && predicate.contains(key.lastPart()))
            .map(Key::column)
            .findFirst()
            .orElse("");
    String meant = columns.contains(ofKey) ? ofKey : columns.contains(dashed) ? dashed : "";
    throw refused(
        "unknown column "
            + name
            + (meant.isEmpty()
                ? Nearest.suggestion(name, columns)
                : " (did you mean %s?)".formatted(meant)));
  }

  private void checkFunction(List<String> nameParts) {
    String name = String.join(".", nameParts);
    if (nameParts.size() > 1
        || !FunctionRegistry$.MODULE$.builtin().functionExists(new FunctionIdentifier(name))) {
      throw refused("unknown function " + name);
    }
  }

  private InputException refused(String reason) {
    return new InputException(
        "sweep.where: expected a Spark SQL predicate over key columns, found \"%s\": %s"
            .formatted(predicate, reason));
  }

  /** Spark's message without its error class, its state and the query plan. */
  private static String message(Exception exception) {
    String text = Optional.ofNullable(exception.getMessage()).orElse(exception.toString()).strip();
    String line = text.lines().findFirst().orElse("").replaceAll("\\s*SQLSTATE: \\w+", "");
    line = line.replaceFirst("^\\[[A-Z0-9_.]+] ", "");
    line = line.replaceFirst(" If necessary set \"spark.sql.ansi.enabled\".*", "");
    line = line.replaceFirst("[.;,\\s]+$", "");
    return exception instanceof SparkThrowable
        ? line
        : exception.getClass().getSimpleName() + " " + line;
  }

  /** Runs something with Spark's default settings, and no generated code. */
  private static <T> T withSettings(Supplier<T> action) {
    return SQLConf$.MODULE$.withExistingConf(SETTINGS, action::get);
  }

  private static SQLConf settings() {
    SQLConf settings = new SQLConf();
    settings.setConfString("spark.sql.session.timeZone", "UTC");
    settings.setConfString("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    settings.setConfString("spark.sql.debug.maxToStringFields", "1000");
    return settings;
  }
}
