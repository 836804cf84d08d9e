-- Trawl's tables for DuckDB: duckdb -init deploy/sql/views-duckdb.sql, where runs/ is.
-- The same names as views.sql gives Spark; all runs are united, and told apart by the column run.

CREATE OR REPLACE VIEW trials AS
  SELECT * EXCLUDE (filename), regexp_extract(filename, '([^/]+)/tables/', 1) AS run
  FROM read_parquet('runs/*/tables/trials/*.parquet', union_by_name = true, filename = true);

CREATE OR REPLACE VIEW epochs AS
  SELECT * EXCLUDE (filename), regexp_extract(filename, '([^/]+)/tables/', 1) AS run
  FROM read_parquet('runs/*/tables/epochs/*.parquet', union_by_name = true, filename = true);

CREATE OR REPLACE VIEW layers AS
  SELECT * EXCLUDE (filename), regexp_extract(filename, '([^/]+)/tables/', 1) AS run
  FROM read_parquet('runs/*/tables/layers/*.parquet', union_by_name = true, filename = true);

CREATE OR REPLACE VIEW parts AS
  SELECT * EXCLUDE (filename), regexp_extract(filename, '([^/]+)/tables/', 1) AS run
  FROM read_parquet('runs/*/tables/parts/*.parquet', union_by_name = true, filename = true);

CREATE OR REPLACE VIEW classes AS
  SELECT * EXCLUDE (filename), regexp_extract(filename, '([^/]+)/tables/', 1) AS run
  FROM read_parquet('runs/*/tables/classes/*.parquet', union_by_name = true, filename = true);

CREATE OR REPLACE VIEW confusion AS
  SELECT * EXCLUDE (filename), regexp_extract(filename, '([^/]+)/tables/', 1) AS run
  FROM read_parquet('runs/*/tables/confusion/*.parquet', union_by_name = true, filename = true);

CREATE OR REPLACE VIEW roc AS
  SELECT * EXCLUDE (filename), regexp_extract(filename, '([^/]+)/tables/', 1) AS run
  FROM read_parquet('runs/*/tables/roc/*.parquet', union_by_name = true, filename = true);

CREATE OR REPLACE VIEW attempts AS
  SELECT * EXCLUDE (filename), regexp_extract(filename, '([^/]+)/tables/', 1) AS run
  FROM read_parquet('runs/*/tables/attempts/*.parquet', union_by_name = true, filename = true);

CREATE OR REPLACE VIEW ensembles AS
  SELECT * EXCLUDE (filename), regexp_extract(filename, '([^/]+)/tables/', 1) AS run
  FROM read_parquet('runs/*/tables/ensembles/*.parquet', union_by_name = true, filename = true);
