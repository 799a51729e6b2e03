"""One step with awswrangler, run by its own Python: `wrangler.py <step>`; prints what came of it as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

import awswrangler as wr
import pandas as pd

OUTPUT = "s3://answers/wrangler/"


def write() -> Any:
    """Lay down a table of Parquet and one of partitions, described in the catalog, and read the objects back."""
    frame = pd.DataFrame({"id": [1, 2, 3], "name": ["Ann", "Bob", None], "age": [33, 51, 28]})
    wr.catalog.create_database("sales")
    wr.s3.to_parquet(frame, path="s3://lake/people/", dataset=True, database="sales", table="people")
    yearly = frame.assign(year=["2024", "2024", "2025"])
    where: dict[str, Any] = {"dataset": True, "database": "sales", "table": "yearly", "partition_cols": ["year"]}
    wr.s3.to_parquet(yearly, path="s3://lake/yearly/", **where)
    back = wr.s3.read_parquet("s3://lake/people/", dataset=True)
    return {"objects": len(wr.s3.list_objects("s3://lake/")), "rows": len(back), "columns": list(back.columns)}


def catalog() -> Any:
    """Everything that its catalog module reads."""
    return {
        "databases": [each["Name"] for each in wr.catalog.get_databases()],
        "tables": sorted(each["Name"] for each in wr.catalog.get_tables(database="sales")),
        "types": wr.catalog.get_table_types(database="sales", table="people"),
        "there": wr.catalog.does_table_exist(database="sales", table="people"),
        "location": wr.catalog.get_table_location(database="sales", table="people"),
        "partitions": sorted(wr.catalog.get_parquet_partitions("sales", "yearly").values()),
        "listed": len(wr.catalog.tables(database="sales")),
        "found": [each["Name"] for each in wr.catalog.search_tables(text="people")],
    }


def query(sql: str, way: str) -> Any:
    """Ask Athena through the consumer's link; `way` is csv, ctas or unload. The failure's text, if it fails."""
    ways = {
        "csv": {"ctas_approach": False},
        "ctas": {"ctas_approach": True, "ctas_parameters": {"database": "scratch"}},
        "unload": {"ctas_approach": False, "unload_approach": True},
    }
    place = f"{OUTPUT}{way}/"
    try:
        frame = wr.athena.read_sql_query(sql, database="rl_sales", s3_output=place, **ways[way])
    except wr.exceptions.QueryFailed as error:
        return {"failure": str(error)}
    return {"columns": list(frame.columns), "rows": frame.astype(object).where(frame.notna(), None).values.tolist()}


def modules() -> Any:
    """Whether it still has a module for Lake Formation's governed tables."""
    return {"lakeformation": hasattr(wr, "lakeformation")}


STEPS = {"write": write, "catalog": catalog, "query": query, "modules": modules}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))
