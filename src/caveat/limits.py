"""What a verdict does not say: the limits of the tool, for every report and for the README."""

LIMITS: tuple[str, ...] = (
    "It gives engineering evidence, not legal advice. The wording in reports is ours; the license binds, and the report cites its "
    "sections.",
    "It judges what the manifest declares. It does not look into your code, your servers or the hub.",
    "A license without a rule set, an unknown model without a declared license, and the terms of a vendor's API give `review`. So "
    "does every clause of a license that was read only in part, and a use policy that was not read.",
    "It knows a model by its exact id, never by a family name in a string.",
    "Privacy, security, training data and the law of your industry are outside of it.",
)
