"""Writes the rows of a Parquet file anew, with zstd of level 3 on one core, and tells how fast."""

import sys
import time

import pyarrow as pa
import pyarrow.parquet as pq

folder, runs = sys.argv[1], int(sys.argv[2])
pa.set_cpu_count(1)
pa.set_io_thread_count(1)
table = pq.read_table(f"{folder}/rows.parquet", use_threads=False).combine_chunks()
seconds = []
for _ in range(runs):
    start = time.perf_counter()
    pq.write_table(
        table, f"{folder}/pyarrow.parquet", compression="zstd", compression_level=3, write_page_index=True,
        write_page_checksum=True)
    seconds.append(time.perf_counter() - start)
seconds.sort()
with open(f"{folder}/pyarrow.parquet", "rb") as file:
    size = file.seek(0, 2)
print("pyarrow", seconds[0], seconds[len(seconds) // 2], size)
