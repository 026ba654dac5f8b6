"""A large report, made by multiplying the findings of a small one."""

from __future__ import annotations

from typing import Any, TypeVar

from caveat.report import Report, ReportedModel

T = TypeVar("T")


def changed(value: T, **fields: Any) -> T:
    """Return a value with some fields replaced."""
    return type(value)(**{**vars(value), **fields})


def big(report: Report, models: int, clauses: int) -> Report:
    """Return a report of one project with so many models, each with so many findings."""
    project = report.projects[0]
    pattern = project.findings
    names = [f"acme/model-{number:04d}" for number in range(models)]
    findings = tuple(
        changed(pattern[clause % len(pattern)], model=name, rule=f"{pattern[clause % len(pattern)].rule}-{clause}",
                fingerprint=f"{number:08x}{clause:08x}")
        for number, name in enumerate(names) for clause in range(clauses))
    made = tuple(changed(_with_id(project.models[number % len(project.models)], name)) for number, name in enumerate(names))
    return changed(report, projects=(changed(project, models=made, findings=findings),))


def _with_id(model: ReportedModel, name: str) -> ReportedModel:
    return changed(model, id=name, lineage=tuple(changed(step, model=name) for step in model.lineage))
