"""The rules that belong to no license: what each of their findings means, whatever model it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class OwnRule(NamedTuple):
    """A rule of ours: its title, and what its findings say."""

    title: str
    says: str


OWN_RULES: Mapping[str, OwnRule] = {
    "license-unknown": OwnRule(
        "The license is not identified",
        "Nothing says under which license the model, or one that it comes from, may be used, or no rule set holds that license. "
        "What is not identified cannot be checked."),
    "license-conflict": OwnRule(
        "Sources disagree on the license",
        "What the manifest declares, the catalogue knows, the license text says and the ancestors' licenses ask for do not fit "
        "together. The stricter terms are checked, and a human says which ones bind."),
    "license-unconfirmed": OwnRule(
        "The license is remembered, not seen",
        "The catalogue names a license whose text or card was not seen beside this model."),
    "license-partly-read": OwnRule(
        "The license was not read whole",
        "Every clause that is known lets the use be, and the license was read in parts or at second hand only: a clause that was "
        "not read may speak against it."),
    "license-choice": OwnRule(
        "One of several licenses was chosen",
        "The model is offered under a choice of licenses; it was checked under the one that comes out best."),
    "model-unknown": OwnRule(
        "The id names no model that can be held",
        "The id names a family, a model that was never released, or one that is offered through an API only."),
    "vendor-terms-unknown": OwnRule(
        "The vendor's terms of service bind",
        "The model is, or may be, called through its vendor's own API; the vendor's terms bind then, and no rule set holds them."),
    "lineage-cycle": OwnRule(
        "The lineage leads back to the model", "A model is said to be made, over some steps, from itself."),
    "lineage-too-long": OwnRule(
        "The lineage is too long to be walked",
        "The model has more ancestors than are looked at; those left out were not checked."),
    "rule-set-outdated": OwnRule(
        "The rule set was read long ago",
        "The license or its use policy was read longer ago than the policy allows; its text may have changed since."),
    "waiver-not-applied": OwnRule(
        "The waiver lifts nothing", "The manifest holds a waiver; it is listed, and no finding is lifted by it."),
}
"""By rule id, which is also the kind of its findings."""
