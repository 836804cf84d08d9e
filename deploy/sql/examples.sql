-- Questions to ask of Trawl's tables, in Spark SQL: trawl sql --run 'runs/*' "...". A test runs each of them.

-- The best trials over all runs
SELECT sweep, trial, activation, hidden, learning_rate, validation_accuracy, test_accuracy
FROM trials
WHERE status = 'COMPLETED'
ORDER BY validation_accuracy DESC NULLS LAST
LIMIT 10;

-- Points: mean and deviation over repeats and folds
SELECT sweep, point, count(*) AS trials, avg(validation_accuracy) AS mean, stddev(validation_accuracy) AS deviation
FROM trials
WHERE status = 'COMPLETED'
GROUP BY sweep, point
ORDER BY mean DESC NULLS LAST
LIMIT 10;

-- Main effect of a key: the mean over all others
SELECT sweep, activation, count(*) AS trials, avg(validation_accuracy) AS mean
FROM trials
WHERE status = 'COMPLETED'
GROUP BY sweep, activation
ORDER BY sweep, mean DESC;

-- Two keys against each other
SELECT *
FROM (SELECT learning_rate, activation, validation_accuracy FROM trials WHERE status = 'COMPLETED')
PIVOT (avg(validation_accuracy) FOR activation IN ('relu', 'tanh', 'sigmoid'))
ORDER BY learning_rate;

-- The mean learning curve of each activation
SELECT activation, epoch, avg(epochs.train_loss) AS train, avg(epochs.validation_loss) AS validation, count(*) AS trials
FROM epochs JOIN trials USING (trial)
GROUP BY activation, epoch
ORDER BY activation, epoch;

-- Epochs until 90 % are right, and seconds
SELECT trial, min(epoch) AS epoch, min_by(elapsed, epoch) AS seconds
FROM (
  SELECT trial, epoch, validation_accuracy, sum(seconds) OVER (PARTITION BY trial ORDER BY epoch) AS elapsed
  FROM epochs)
WHERE validation_accuracy >= 0.9
GROUP BY trial
ORDER BY seconds
LIMIT 10;

-- Overfitting: how far the losses are apart at the end
SELECT trial, max_by(validation_loss - train_loss, epoch) AS gap
FROM epochs
GROUP BY trial
ORDER BY gap DESC NULLS LAST
LIMIT 10;

-- Layers whose gradients vanish
SELECT trial, layer, min(gradient_mean) AS least, max(inactive_fraction) AS inactive
FROM layers
GROUP BY trial, layer
HAVING least < 1e-6 OR inactive > 0.5
ORDER BY least
LIMIT 10;

-- The hardest classes
SELECT part, class, avg(f1) AS f1, avg(recall) AS recall, max(support) AS samples
FROM classes
GROUP BY part, class
ORDER BY f1
LIMIT 10;

-- What is taken for what, over all trials
SELECT actual, predicted, sum(count) AS samples
FROM confusion
WHERE part = 'validation' AND actual <> predicted
GROUP BY actual, predicted
ORDER BY samples DESC
LIMIT 10;

-- What it cost, and where it ran
SELECT host, outcome, count(*) AS attempts,
  sum(unix_micros(ended) - unix_micros(started)) / 3.6e9 AS core_hours
FROM attempts
GROUP BY host, outcome
ORDER BY core_hours DESC;

-- Why trials did not complete
SELECT status, message, count(*) AS trials
FROM trials
WHERE message IS NOT NULL
GROUP BY status, message
ORDER BY trials DESC;
