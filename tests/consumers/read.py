"""Reads reports as their consumers do, and says what it read as JSON.

read.py xsd SCHEMA FILE...    validates; exit 1 with the first mistake
read.py junit FILE...         what junitparser makes of each
read.py codecov FILE...       the same of Codecov's parser
read.py sarif FILE...         what a strict model of SARIF makes of each
read.py jenkinsfile FILE...   exit 1 where one is no Groovy, or no declarative pipeline
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


def codecov(*files):
    from collections import Counter

    from test_results_parser import parse_junit_xml

    def count(file):
        with open(file, "rb") as document:
            outcomes = Counter(str(run.outcome) for run in parse_junit_xml(document.read()).testruns)
        names = {"failures": "failure", "errors": "error", "skipped": "skip"}
        return {"tests": outcomes.total()} | {name: outcomes[outcome] for name, outcome in names.items()}

    return [count(file) for file in files]


def sarif(*files):
    from sarif_pydantic import Sarif

    def count(file):
        with open(file, encoding="utf-8") as text:
            document = Sarif.model_validate_json(text.read())
        return [len(run.results) for run in document.runs]

    return [count(file) for file in files]


# https://www.jenkins.io/doc/book/pipeline/syntax/#declarative-pipeline
SECTIONS = {"agent", "environment", "libraries", "options", "parameters", "post", "stages", "tools", "triggers"}
STAGE = {"agent", "environment", "failFast", "input", "matrix", "options", "parallel", "post", "stages", "steps", "tools",
         "when"}
CONDITIONS = {"aborted", "always", "changed", "cleanup", "failure", "fixed", "regression", "success", "unstable",
              "unsuccessful"}


def jenkinsfile(*files):
    import tree_sitter
    import tree_sitter_groovy

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_groovy.language()))

    def entries(node):
        """What a file or a closure holds: name and closure of each."""
        for child in node.named_children:
            inner = child.named_children[0] if child.type == "expression_statement" else child
            if inner.type == "method_invocation":
                yield inner.child_by_field_name("name").text.decode(), inner.child_by_field_name("body")
            elif inner.type == "local_variable_declaration":  # `agent any`, to a parser of Groovy
                yield inner.child_by_field_name("type").text.decode(), None

    def only(node, allowed, where):
        found = dict(entries(node))
        unknown = found.keys() - allowed
        assert not unknown, f"{where}: {sorted(unknown)} is not one of {sorted(allowed)}"
        return found

    for file in files:
        with open(file, "rb") as text:
            root = parser.parse(text.read()).root_node
        assert not root.has_error, f"{file}: a syntax error"
        pipeline = only(root, {"pipeline"}, file)["pipeline"]
        sections = only(pipeline, SECTIONS, "pipeline")
        assert {"agent", "stages"} <= sections.keys(), "a pipeline has an agent and stages"
        for name, stage in entries(sections["stages"]):
            assert name == "stage", f"stages: {name}"
            assert "steps" in only(stage, STAGE, "stage"), "a stage has steps"
        if "post" in sections:
            only(sections["post"], CONDITIONS, "post")
    return len(files)


READERS = {"xsd": xsd, "junit": junit, "codecov": codecov, "sarif": sarif, "jenkinsfile": jenkinsfile}

print(json.dumps(READERS[sys.argv[1]](*sys.argv[2:])))
