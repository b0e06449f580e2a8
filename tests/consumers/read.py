"""Reads reports as their consumers do, and says what it read as JSON.

read.py xsd SCHEMA FILE...    validates; exit 1 with the first mistake
read.py junit FILE...         what junitparser makes of each
read.py sarif FILE...         what a strict model of SARIF makes of each
"""

import json
import sys


def xsd(schema, *files):
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(schema))
    for file in files:
        schema.assertValid(etree.parse(file))
    return len(files)


def junit(*files):
    from junitparser import JUnitXml, TestSuite

    read = []
    for file in files:
        document = JUnitXml.fromfile(file)
        suites = [document] if isinstance(document, TestSuite) else list(document)
        cases = [case for suite in suites for case in suite]
        kinds = [type(result).__name__ for case in cases for result in case.result]
        read.append({
            "tests": len(cases),
            "failures": kinds.count("Failure"),
            "errors": kinds.count("Error"),
            "skipped": kinds.count("Skipped"),
            "said": [document.tests, document.failures, document.errors],
        })
    return read


def sarif(*files):
    from sarif_pydantic import Sarif

    def count(file):
        with open(file, encoding="utf-8") as text:
            document = Sarif.model_validate_json(text.read())
        return [len(run.results) for run in document.runs]

    return [count(file) for file in files]


print(json.dumps({"xsd": xsd, "junit": junit, "sarif": sarif}[sys.argv[1]](*sys.argv[2:])))
