-- Trawl's tables for DuckDB: duckdb -init deploy/sql/views-duckdb.sql, where runs/ is.
-- The same names as views.sql gives Spark; all runs are united.

CREATE OR REPLACE VIEW trials AS
  SELECT * FROM read_parquet('runs/*/tables/trials/*.parquet', union_by_name = true);

CREATE OR REPLACE VIEW epochs AS
  SELECT * FROM read_parquet('runs/*/tables/epochs/*.parquet', union_by_name = true);

CREATE OR REPLACE VIEW layers AS
  SELECT * FROM read_parquet('runs/*/tables/layers/*.parquet', union_by_name = true);

CREATE OR REPLACE VIEW parts AS
  SELECT * FROM read_parquet('runs/*/tables/parts/*.parquet', union_by_name = true);

CREATE OR REPLACE VIEW classes AS
  SELECT * FROM read_parquet('runs/*/tables/classes/*.parquet', union_by_name = true);

CREATE OR REPLACE VIEW confusion AS
  SELECT * FROM read_parquet('runs/*/tables/confusion/*.parquet', union_by_name = true);

CREATE OR REPLACE VIEW roc AS
  SELECT * FROM read_parquet('runs/*/tables/roc/*.parquet', union_by_name = true);

CREATE OR REPLACE VIEW attempts AS
  SELECT * FROM read_parquet('runs/*/tables/attempts/*.parquet', union_by_name = true);

CREATE OR REPLACE VIEW ensembles AS
  SELECT * FROM read_parquet('runs/*/tables/ensembles/*.parquet', union_by_name = true);
