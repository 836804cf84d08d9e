-- Trawl's tables for any Spark SQL shell: spark-sql -f deploy/sql/views.sql, a notebook, a thrift server.
-- Run where runs/ is, or put another address in its place. All runs are united, and told apart by the column run, the name of a
-- run's folder; columns that a run of another version lacks are NULL. deploy/sql/views-duckdb.sql and views.py have the same names.

SET spark.sql.parquet.mergeSchema = true;

CREATE OR REPLACE TEMPORARY VIEW trials AS
  SELECT *, url_decode(replace(regexp_extract(_metadata.file_path, '([^/]+)/tables/', 1), '+', '%2B')) AS run
  FROM parquet.`runs/*/tables/trials`;

CREATE OR REPLACE TEMPORARY VIEW epochs AS
  SELECT *, url_decode(replace(regexp_extract(_metadata.file_path, '([^/]+)/tables/', 1), '+', '%2B')) AS run
  FROM parquet.`runs/*/tables/epochs`;

CREATE OR REPLACE TEMPORARY VIEW layers AS
  SELECT *, url_decode(replace(regexp_extract(_metadata.file_path, '([^/]+)/tables/', 1), '+', '%2B')) AS run
  FROM parquet.`runs/*/tables/layers`;

CREATE OR REPLACE TEMPORARY VIEW parts AS
  SELECT *, url_decode(replace(regexp_extract(_metadata.file_path, '([^/]+)/tables/', 1), '+', '%2B')) AS run
  FROM parquet.`runs/*/tables/parts`;

CREATE OR REPLACE TEMPORARY VIEW classes AS
  SELECT *, url_decode(replace(regexp_extract(_metadata.file_path, '([^/]+)/tables/', 1), '+', '%2B')) AS run
  FROM parquet.`runs/*/tables/classes`;

CREATE OR REPLACE TEMPORARY VIEW confusion AS
  SELECT *, url_decode(replace(regexp_extract(_metadata.file_path, '([^/]+)/tables/', 1), '+', '%2B')) AS run
  FROM parquet.`runs/*/tables/confusion`;

CREATE OR REPLACE TEMPORARY VIEW roc AS
  SELECT *, url_decode(replace(regexp_extract(_metadata.file_path, '([^/]+)/tables/', 1), '+', '%2B')) AS run
  FROM parquet.`runs/*/tables/roc`;

CREATE OR REPLACE TEMPORARY VIEW attempts AS
  SELECT *, url_decode(replace(regexp_extract(_metadata.file_path, '([^/]+)/tables/', 1), '+', '%2B')) AS run
  FROM parquet.`runs/*/tables/attempts`;

CREATE OR REPLACE TEMPORARY VIEW ensembles AS
  SELECT *, url_decode(replace(regexp_extract(_metadata.file_path, '([^/]+)/tables/', 1), '+', '%2B')) AS run
  FROM parquet.`runs/*/tables/ensembles`;
