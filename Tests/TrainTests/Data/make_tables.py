"""Ten tables as people have them, read by pandas, and what pandas and scikit-learn compute of another one.

    pip install pandas==3.1.1 scikit-learn==1.9.1
    python3 make_tables.py

writes tables.txt, one JSON object a line, which UnseenTablesTests.swift and TableOracleTests.swift read:

    {"table": NAME, "content": TEXT, "columns": [{"name": …, "numbers": […]} or {"name": …, "texts": […]}]}
    {"result": NAME, "columns": […]}

A missing number is null. Columns of text hold the cells as they stand in the file.
"""

import io
import json
import os
import random

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import LabelEncoder, MinMaxScaler, RobustScaler, StandardScaler

random.seed(1)
MISSING = ["?", "-", "--", "."]
ROWS = 24


def lines(header, row, end="\n", count=ROWS):
    return header + end + "".join(row(i) + end for i in range(count))


def number(i, k, low, high):
    """A number that looks random and is the same everywhere."""
    return low + (i * 7919 + k * 104729) % 1000 / 1000 * (high - low)


CITIES = ["Bonn", "Köln", "Ulm"]

TABLES = {
    # Quoted headers with commas, quotes and a line end; CRLF; numbers in quotes.
    "quoted": (lines(
        '"area, m²","the ""good"" side","price\r\nin €"',
        lambda i: f'"{30 + 5 * i}","{["yes", "no, not"][i % 2]}",{1000 * (3 + i)}', "\r\n"), {}),
    # Gaps and all the words for them among numbers.
    "gaps": (lines(
        "a,b,c,target",
        lambda i: f'{["", "NA", "N/A", "null", "?", "-", "nan", "None"][i % 8] if i % 3 == 0 else i / 4},'
        f'{i * i if i % 5 else ""},{"." if i == 7 else -i},{i / 2}'), {}),
    # Semicolons, decimal commas, points between groups, a byte-order mark, dates with points.
    "german": ("\ufeff" + lines(
        "Datum;Größe;Preis;Ort",
        lambda i: f'{1 + i:02}.03.2023;{f"{number(i, 1, 1, 9):.2f}".replace(".", ",")};'
        f'{1 + i}.{100 + i}.000,5;{CITIES[i % 3]}', "\r\n"),
        {"sep": ";", "decimal": ",", "thousands": ".", "dtype": {"Datum": str}}),  # not the number 1032023
    # Any number of blanks, comments, no header.
    "blanks": ("# x  y   z\n" + lines(
        "# measured in 2021",
        lambda i: ("   # nothing"[3:] + "\n" if i == 5 else "") + f'  {number(i, 2, -1, 1):9.4f}   {i}\t{i % 2}  '),
        {"sep": r"\s+", "comment": "#", "header": None}),
    # Tabs, texts, true and false.
    "tabs": (lines(
        "name\tactive\tscore\tpassed",
        lambda i: f'person {i}\t{["True", "False"][i % 2]}\t{number(i, 3, 0, 5):.3f}\t'
        f'{"" if i == 4 else ["true", "TRUE", "false"][i % 3]}'), {"sep": "\t"}),
    # Blanks behind commas and "?" among texts, as in the census.
    "census": (lines(
        "age,workclass,hours,income",
        lambda i: f'{20 + i}, {["State-gov", "Private", "?"][i % 3]}, {35 + i % 9}, '
        f'{["<=50K", ">50K"][i * 5 % 7 > 3]}'), {}),
    # Keys that no Double holds, times in ISO 8601.
    "keys": (lines(
        "id,time,value",
        lambda i: f'{11007199254740993 + 2 * i},2024-02-{1 + i:02}T{i:02}:30:00Z,{number(i, 4, -3, 3):.5f}'), {}),
    # Two thousand columns, empty lines, no line end behind the last row.
    "wide": ("\n" + lines(
        ",".join(f"f{k}" for k in range(2000)) + ",y",
        lambda i: ",".join(str((i * 31 + k * 17) % 256) for k in range(2000)) + f",{i % 2}" + ("\n" if i == 3 else ""),
        count=8).rstrip("\n"), {}),
    # A column of numbers without a name, a name twice, CR alone.
    "names": (lines(
        ",x,x,,class", lambda i: f"{i},{number(i, 5, 0, 1):.6f},{number(i, 6, 0, 1):.6f},,{'ab'[i % 2]}", "\r"), {}),
    # Names with commas and quotes, missing ages and cabins.
    "passengers": (lines(
        "Survived,Name,Sex,Age,Fare,Cabin",
        lambda i: f'{i * 3 % 7 % 2},"Smith, Mr. ""J"" {i}",{["male", "female"][i % 3 % 2]},'
        f'{"" if i % 4 == 1 else 20 + i % 30 + 0.5 * (i % 2)},{7.25 + 3.1 * i:.4f},{"C" + str(i) if i % 5 == 0 else ""}'),
        {}),
}


def values(series):
    return [None if pd.isna(v) else float(v) for v in series]


def column(name, series):
    if pd.api.types.is_bool_dtype(series) or pd.api.types.is_numeric_dtype(series):
        return {"name": str(name), "numbers": values(series)}
    return {"name": str(name), "texts": [str(v) for v in series]}


def columns(frame):
    return [column(name, frame[name]) for name in frame.columns]


def read(content, options):
    """The columns that are numbers for pandas, and the raw texts of the others."""
    frame = pd.read_csv(io.StringIO(content), na_values=MISSING, skipinitialspace=False, **options)
    raw = pd.read_csv(
        io.StringIO(content), keep_default_na=False, dtype=str, **{k: v for k, v in options.items() if k in ("sep", "comment", "header")})
    result = []
    for name, text in zip(frame.columns, raw.columns):
        series = frame[name]
        is_truth = {str(v).lower() for v in raw[text]} <= {"true", "false", ""} and "" != "".join(raw[text])
        if is_truth:
            words = [str(v).lower() for v in raw[text]]
            result.append({"name": str(name), "numbers": [{"true": 1, "false": 0}.get(w) for w in words]})
        elif series.dtype == np.int64 and series.abs().max() > 2**53:
            result.append({"name": str(name), "integers": [str(v) for v in series]})
        elif pd.api.types.is_numeric_dtype(series):
            result.append({"name": str(name), "numbers": values(series)})
        else:
            result.append({"name": str(name), "texts": list(raw[text])})
    return result


HOMES = """city,rooms,price,area
Ulm,2,100,40.5
Bonn,3,250.5,95
Ulm,4,,31
köln,2,80,
Bonn,2,250.5,60
Ulm,2,300,77
,1,50,20
Bonn,3,120,
Zürich,5,1e6,200.25
"""


def results():
    homes = pd.read_csv(io.StringIO(HOMES))
    numbers = homes[["rooms", "price", "area"]]
    yield "homes", homes.fillna({"city": ""})
    by_city = homes.groupby("city", dropna=False)
    yield "mean by city", by_city.mean().reset_index().fillna({"city": ""})
    yield "sum by city", by_city.sum().reset_index().fillna({"city": ""})
    yield "min by city", by_city.min().reset_index().fillna({"city": ""})
    yield "max by city", by_city.max().reset_index().fillna({"city": ""})
    yield "count by city", by_city.size().rename("count").reset_index().fillna({"city": ""})
    several = by_city.agg(
        price_std=("price", "std"), price_median=("price", "median"), area=("area", "count")).reset_index()
    yield "several by city", several.fillna({"city": ""})
    both = homes.groupby(["rooms", "city"], dropna=False)[["price"]].mean().reset_index()
    yield "mean by rooms and city", both.fillna({"city": ""})
    yield "described", homes.describe().reset_index(names="statistic")
    yield "sorted", homes.sort_values(
        ["city", "price"], ascending=[True, False], kind="stable").fillna({"city": ""})
    yield "sorted by area, descending", homes.sort_values(
        "area", ascending=False, kind="stable").fillna({"city": ""})
    yield "counts", homes["city"].value_counts().reset_index().sort_values(
        ["count", "city"], ascending=[False, True])
    places = pd.DataFrame({
        "city": ["Bonn", "Ulm", "Bonn", "Rom"], "people": [330.0, 126, 331, 2800], "area": [1.0, 2, 3, 4]})
    yield "places", places
    for how in ["inner", "left"]:
        joined = homes.merge(places, on="city", how=how, suffixes=("", "_2"))
        yield how + " join", joined.fillna({"city": ""})
    dummies = pd.get_dummies(homes.fillna({"city": ""})["city"], prefix="city").astype(float)
    yield "one-hot", dummies
    yield "labels", pd.DataFrame({"city": LabelEncoder().fit_transform(homes.fillna({"city": ""})["city"])})
    yield "filled with means", numbers.fillna(numbers.mean())
    yield "filled with medians", numbers.fillna(numbers.median())
    yield "filled with the most frequent", numbers.fillna(numbers.mode().iloc[0])
    yield "filled from above", numbers.ffill()
    yield "without missing", homes.dropna()
    for name, scaler in [
        ("standardized", StandardScaler()), ("min-max", MinMaxScaler()), ("robust", RobustScaler()),
        ("imputed means", SimpleImputer(strategy="mean")), ("imputed medians", SimpleImputer(strategy="median")),
        ("imputed frequent", SimpleImputer(strategy="most_frequent"))]:
        yield name, pd.DataFrame(scaler.fit_transform(numbers), columns=numbers.columns)
    texts = [
        "2024-02-29", "1969-12-31T23:59:59Z", "2000/01/01 00:00", "20231105", "1900-03-01", "2024-12-30T08:05:07.25",
        "2024-07-01T01:30:00+02:00", "29 Feb 2024", "Mar 1, 2023 11:15 PM", "1600-02-29", "2100-12-31"]
    times = [pd.Timestamp(t).tz_localize(None) if pd.Timestamp(t).tz is None else pd.Timestamp(t).tz_convert(None) for t in texts]
    yield "dates", pd.DataFrame({
        "text": texts,
        "seconds": [(t - pd.Timestamp("1970-01-01")).total_seconds() for t in times],
        "year": [t.year for t in times], "month": [t.month for t in times], "day": [t.day for t in times],
        "hour": [t.hour for t in times], "minute": [t.minute for t in times],
        "weekday": [t.day_of_week + 1 for t in times], "dayOfYear": [t.day_of_year for t in times]})


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "tables.txt"), "w", newline="") as file:
    for name, (content, options) in TABLES.items():
        line = {"table": name, "content": content, "columns": read(content, options)}
        file.write(json.dumps(line, ensure_ascii=True) + "\n")
    for name, frame in results():
        file.write(json.dumps({"result": name, "columns": columns(frame)}, ensure_ascii=True) + "\n")
