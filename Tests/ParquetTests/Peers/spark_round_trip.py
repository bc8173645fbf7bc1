"""Reads a Parquet file with Spark and writes its rows anew as one file, in the order in which they were.

usage: spark_round_trip.py FILE FOLDER TIMESTAMPS

TIMESTAMPS is how Spark stores instants: INT96, TIMESTAMP_MICROS or TIMESTAMP_MILLIS. Prints the schema as Spark understands it.
"""

import sys

from pyspark.sql import SparkSession

source, folder, timestamps = sys.argv[1:]
session = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.parquet.outputTimestampType", timestamps)
    .getOrCreate()
)
session.sparkContext.setLogLevel("OFF")
frame = session.read.parquet(source)
frame.coalesce(1).write.parquet(folder)
print(frame.schema.simpleString())
session.stop()
