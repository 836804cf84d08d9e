-- Trawl's tables for any Spark SQL shell: spark-sql -f deploy/sql/views.sql, a notebook, a thrift server.
-- Run where runs/ is, or put another address in its place. All runs are united; columns that a run
-- of another version lacks are NULL. deploy/sql/views-duckdb.sql and views.py have the same names.

CREATE OR REPLACE TEMPORARY VIEW trials
  USING parquet OPTIONS (path 'runs/*/tables/trials', mergeSchema 'true');

CREATE OR REPLACE TEMPORARY VIEW epochs
  USING parquet OPTIONS (path 'runs/*/tables/epochs', mergeSchema 'true');

CREATE OR REPLACE TEMPORARY VIEW layers
  USING parquet OPTIONS (path 'runs/*/tables/layers', mergeSchema 'true');

CREATE OR REPLACE TEMPORARY VIEW parts
  USING parquet OPTIONS (path 'runs/*/tables/parts', mergeSchema 'true');

CREATE OR REPLACE TEMPORARY VIEW classes
  USING parquet OPTIONS (path 'runs/*/tables/classes', mergeSchema 'true');

CREATE OR REPLACE TEMPORARY VIEW confusion
  USING parquet OPTIONS (path 'runs/*/tables/confusion', mergeSchema 'true');

CREATE OR REPLACE TEMPORARY VIEW roc
  USING parquet OPTIONS (path 'runs/*/tables/roc', mergeSchema 'true');

CREATE OR REPLACE TEMPORARY VIEW attempts
  USING parquet OPTIONS (path 'runs/*/tables/attempts', mergeSchema 'true');

CREATE OR REPLACE TEMPORARY VIEW ensembles
  USING parquet OPTIONS (path 'runs/*/tables/ensembles', mergeSchema 'true');
