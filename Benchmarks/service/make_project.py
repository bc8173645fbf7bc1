#!/usr/bin/env python3
"""Makes a project of many assets for the load of a service: CSV files, and a suite of twenty expectations for each.

usage: make_project.py FOLDER [ASSETS [ROWS [EVERY]]]     1000 assets of 10,000 rows, every 1h
"""
import os
import random
import sys

CONTENTS = 20


def contents(seed, rows):
    pick = random.Random(seed)
    lines = ["order_id,customer_id,status,country,quantity,price,discount,created_at,email,note"]
    for row in range(rows):
        lines.append(
            f"{seed * rows + row},{pick.randrange(5000)},{pick.choice(['open', 'paid', 'sent', 'back'])},"
            f"{pick.choice(['DE', 'FR', 'PL', 'IN', 'US'])},{pick.randrange(1, 9)},{pick.randrange(100, 90000) / 100:.2f},"
            f"{pick.choice(['', '5', '10'])},2026-11-{pick.randrange(1, 21):02d}T{pick.randrange(24):02d}:{pick.randrange(60):02d}:00Z,"
            f"user{pick.randrange(5000)}@example.com,{'' if pick.random() < 0.3 else 'as agreed'}")
    return "\n".join(lines) + "\n"


SUITE = """suite: suite_{n}
asset: asset_{n}
expectations:
  - expect_table_row_count_to_be_between: {{min_value: 1}}
  - expect_table_column_count_to_equal: {{value: 10}}
  - expect_column_values_to_not_be_null: {{column: order_id}}
  - expect_column_values_to_be_unique: {{column: order_id}}
  - expect_column_values_to_be_between: {{column: order_id, min_value: 0}}
  - expect_column_values_to_not_be_null: {{column: customer_id}}
  - expect_column_values_to_be_between: {{column: customer_id, min_value: 0, max_value: 4999}}
  - expect_column_values_to_be_in_set: {{column: status, value_set: [open, paid, sent, back]}}
  - expect_column_values_to_be_in_set: {{column: country, value_set: [DE, FR, PL, IN, US]}}
  - expect_column_value_lengths_to_equal: {{column: country, value: 2}}
  - expect_column_values_to_be_between: {{column: quantity, min_value: 1, max_value: {limit}}}
  - expect_column_mean_to_be_between: {{column: quantity, min_value: 1, max_value: 9}}
  - expect_column_values_to_be_between: {{column: price, min_value: 0, max_value: 1000}}
  - expect_column_max_to_be_between: {{column: price, max_value: 1000}}
  - expect_column_sum_to_be_between: {{column: price, min_value: 1}}
  - expect_column_values_to_be_in_set: {{column: discount, value_set: [5, 10]}}
  - expect_column_values_to_match_regex: {{column: email, regex: "^[a-z0-9]+@example[.]com$"}}
  - expect_column_values_to_not_be_null: {{column: note, mostly: 0.5}}
  - expect_column_unique_value_count_to_be_between: {{column: status, max_value: 4}}
  - expect_column_values_to_be_of_type: {{column: created_at, type_: timestamp}}
"""


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    rows = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000
    every = sys.argv[4] if len(sys.argv) > 4 else "1h"
    for part in ("data", "expectations"):
        os.makedirs(f"{folder}/{part}", exist_ok=True)
    texts = [contents(seed, rows) for seed in range(CONTENTS)]
    project = ["store: assay.db", "reports: reports", "assets:"]
    for n in range(count):
        with open(f"{folder}/data/asset_{n}.csv", "w") as file:
            file.write(texts[n % CONTENTS])
        with open(f"{folder}/expectations/suite_{n}.yaml", "w") as file:
            # One in fifty fails.
            file.write(SUITE.format(n=n, limit=7 if n % 50 == 7 else 8))
        project.append(f"  asset_{n}: {{csv: data/asset_{n}.csv}}")
    project.append("validations:")
    project += [f"  - {{suite: suite_{n}, every: {every}}}" for n in range(count)]
    project.append("alerts:")
    project.append('  team: {webhook: {url: "http://127.0.0.1:9/x", allow_private: true}}')
    with open(f"{folder}/assay.yaml", "w") as file:
        file.write("\n".join(project) + "\n")


main()
