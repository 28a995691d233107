#!/usr/bin/env python3
"""Writes Sources/DTDL/Metamodel/MetamodelText.swift from a digest of the DTDL metamodel.

    scripts/generate-dtdl-metamodel.py DIGEST.json[.gz] > Sources/DTDL/Metamodel/MetamodelText.swift

The digest is the machine-readable metamodel of DTDL v2 to v4 with its published extensions (DTDLParser, MIT licence). Only facts that a checker
needs are taken: classes, properties and their limits, terms of contexts, co-types and their constraints, standard elements. Texts are left out.
The form is our own: one JSON document, one row a line, defaults omitted.
"""
import gzip
import json
import re
import sys

# The checker has a matcher for each of these; a pattern that is not here needs one.
PATTERNS = {
    r"^[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?$": "name",
    r"^[!$-*,-.0-z|~]+$": "label",
    r"^(?:(?:[!%-*,-.0-z|~][!$-*,-.0-z|~]*)|(?:{(?:[A-Za-z]+:)?[A-Za-z]+}))(?:\/(?:(?:[!$-*,-.0-z|~]+)|(?:{(?:[A-Za-z]+:)?[A-Za-z]+})))*$": "topic",
    r"^dtmi:[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?(?::[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?)*;[1-9][0-9]{0,8}$": "dtmi",
    r"^dtmi:[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?(?::[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?)*"
    r"(?:;[1-9][0-9]{0,8}(?:\.[1-9][0-9]{0,5})?)?$": "dtmi",
}


def read(path):
    opened = gzip.open(path) if path.endswith(".gz") else open(path, "rb")
    with opened as source:
        return json.loads(source.read().decode("utf-8-sig"))


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)


def kept(pairs):
    return {name: value for name, value in pairs if value not in (None, False, [], {}, "")}


def pattern(facts):
    return PATTERNS[facts["pattern"]] if "pattern" in facts else None


def version_facts(facts):
    return kept([
        ("class", facts.get("class")), ("min", facts.get("minCount")), ("max", facts.get("maxCount")),
        ("length", facts.get("maxLength")), ("pattern", pattern(facts)), ("values", facts.get("valueUris")), ("unique", facts.get("uniqueProperties")), ("from", facts.get("versions")),
        ("id", facts.get("idRequired")), ("inferred", not facts.get("typeRequired", True)),
    ]) | {name: facts[key] for name, key in (("low", "minInclusive"), ("high", "maxInclusive")) if key in facts}


def kind(common):
    if common["literal"]:
        return common.get("datatype", "scalar")
    return "object" if "class" in common else "identifier"


def classes(digest):
    material = digest["materialClasses"]
    for name, facts in material.items():
        properties = []
        for title, versions in facts["properties"].items():
            common = versions["_"]
            if common["inheritedFrom"] != name or title == "languageMajorVersion":
                continue
            row = kept([("name", title), ("kind", kind(common)), ("plural", common["plural"]), ("optional", common["optional"]),
                        ("segment", common.get("dtmiSegment")), ("key", common.get("dictionaryKey"))])
            row |= {version: version_facts(of) for version, of in versions.items() if version != "_" and of["allowed"]}
            properties.append(row)
        kinds = {version: names for version, names in facts["concreteSubclasses"].items() if names and names != [name]}
        yield kept([
            ("name", name), ("parent", facts["parentClass"]), ("versions", facts["dtdlVersions"]), ("partition", facts["partition"]),
            ("rootable", facts["rootable"]), ("inferred", facts["typeOptionalVersions"]),
            ("elemental", name in {each for sets in material["Entity"]["elementalSubclasses"].values() for each in sets}),
            ("kinds", kinds), ("properties", properties)])


def contexts(digest):
    for identifier, terms in digest["contexts"].items():
        groups, rest = {}, {}
        for term, uri in terms.items():
            at = uri.find(term)
            if at >= 0 and uri.count(term) == 1:
                groups.setdefault((uri[:at], uri[at + len(term):]), []).append(term)
            else:
                rest[term] = uri
        limit = digest["limitContexts"].get(identifier)
        yield kept([
            ("id", identifier), ("groups", [[start, end, " ".join(names)] for (start, end), names in groups.items()]), ("rest", rest),
            ("reserved", digest["reservedIdPrefixes"].get(identifier)), ("implies", digest["affiliateContextsImplicitDtdlVersions"].get(identifier)),
            ("limits", limit and limit["spec"]), ("limitsVersion", limit and limit["dtdlVersion"])])


def folded(rows):
    """Rows that differ only in a name and in a unit family become one row with `{0}` and `{1}`, and a list of what to put there."""
    groups = {}
    for row in rows:
        text = compact(row)
        name = re.search(r'"id":"dtmi:(?:[\w:]*:)?class:(\w+)[";]', text)
        family = re.search(r'"(?:childOf|type)":"dtmi:[\w:]*:(?:enum|class):(\w+Unit)[";]', text)
        parts = [name.group(1) if name else "", family.group(1) if family else ""]
        pattern = text
        for index, part in sorted(enumerate(parts), key=lambda pair: -len(pair[1])):
            if part:
                pattern = re.sub(rf"(?<![A-Za-z0-9]){part}(?![A-Za-z0-9])", "{%d}" % index, pattern)
        groups.setdefault(pattern, []).append((row, "/".join(parts)))
    for pattern, members in groups.items():
        if len(members) == 1:
            yield members[0][0]
        else:
            yield {"each": " ".join(parts for _, parts in members), "row": json.loads(pattern)}


def supplemental(digest):
    for identifier, facts in digest["supplementalTypes"].items():
        properties = []
        for name, of in facts["properties"].items():
            properties.append(kept([
                ("id", name), ("type", of.get("type")), ("optional", of["optional"]), ("plural", of["plural"]), ("min", of.get("minCount")),
                ("pattern", pattern(of)), ("length", of.get("maxLength")), ("low", of.get("minInclusive")), ("childOf", of.get("childOf")),
                ("instanceOf", of.get("instanceProperty")), ("unique", of["uniqueValue"])]))
        constraints = [kept([(key, one.get(key)) for key in (
            "property", "requiredTypes", "requiredValues", "inverse", "noneOtherType", "someOtherType", "siblingKey", "siblingKeyref", "siblingParentOf")])
            for one in facts["constraints"]]
        siblings = [kept([(key, one.get(key)) for key in ("key", "keyref", "requiredTypes", "disallowedType", "supplementalProperty", "uniqueReference")])
                    for one in facts["siblings"]]
        every = len(facts["cotypes"]) > 20
        yield kept([
            ("id", identifier), ("kind", facts["extensionKind"]), ("abstract", facts["abstract"]), ("parent", facts["parent"]),
            ("on", ["*"] if every else facts["cotypes"]), ("versions", facts["cotypeVersions"]), ("alternatives", facts.get("altcotypes")),
            ("with", facts.get("cocotypes")), ("without", facts.get("discotypes")), ("properties", properties), ("constraints", constraints),
            ("siblings", siblings)])


def gathered(rows):
    """Elements that are alike but for their name become one row; the second form of a row has the names in place of the id."""
    groups = {}
    for row in rows:
        identifier, name, version, types, parent, links, alias = row
        start = re.match(r"^(.*:)\w+(;\d)?$", identifier)
        if links or alias or not start:
            groups[identifier] = row
            continue
        key = compact([start.group(1), start.group(2), name, version, types, parent])
        groups.setdefault(key, [[start.group(1), start.group(2) or "", []], name, version, types, parent])[0][2].append(
            identifier[len(start.group(1)):len(identifier) - len(start.group(2) or "")])
    for row in groups.values():
        if isinstance(row[0], list):
            row[0][2] = " ".join(row[0][2])
        yield row


def elements(digest):
    """Standard elements, flattened: [id, class, version, types, parent, {property: ids}, alias]. Units have the one type that is their family."""
    names = digest["contexts"]

    def resolve(term, scope):
        if term.startswith("dtmi:"):
            return term
        for context in scope:
            if term in names.get(context, {}):
                return names[context][term]
        raise SystemExit(f"term {term} is not in {scope}")

    def walk(element, scope, parent, path):
        types = element.get("@type", path[1] if path else None)
        types = [types] if isinstance(types, str) else types
        version = int(scope[0].rsplit(";", 1)[1])
        material = [one for one in types if one in digest["materialClasses"]]
        supplementary = [resolve(one, scope) for one in types if one not in digest["materialClasses"] and one != "Alias"]
        supplementary = [] if "EnumValue" in types else supplementary[:1]
        name = material[0] if material else "UnitAttribute" if types[0].endswith("Prefix") else "Unit"
        identifier = element.get("@id") or f"{parent.rsplit(';', 1)[0]}:_{path[0]}:__{element['name']};{parent.rsplit(';', 1)[1]}"
        links = {}
        for key, value in element.items():
            if key in ("elementSchema", "schema", "valueSchema", "mapKey", "mapValue", "fields", "enumValues"):
                inferred = {"fields": "Field", "enumValues": "EnumValue"}.get(key)
                ids = []
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, str):
                        ids.append(resolve(child, scope))
                    else:
                        nested = list(walk(child, scope, identifier, (key, inferred)))
                        ids.append(nested[-1][0])
                        yield from nested
                if key not in ("enumValues", "valueSchema"):
                    links[key] = ids
        yield [identifier, name, version, supplementary, parent or "", links, element.get("aliasFor", "")]

    for element in digest["elements"]:
        scope = element["@context"]
        yield from walk(element, [scope] if isinstance(scope, str) else scope, None, None)


def controls(digest):
    for one in digest["descendantControls"]:
        yield kept([(key, one.get(key)) for key in (
            "rootClass", "dtdlVersion", "properties", "narrow", "allowSelf", "maxDepth", "maxCount", "excludeType", "importProperties",
            "datatypeProperty")])


def identifiers(digest):
    definitions = digest["identifierDefinition"]
    lengths = {version: facts["maxLength"] for version, facts in definitions.items() if version != "Interface"}
    return lengths | {"Interface": {version: facts["maxLength"] for version, facts in definitions["Interface"].items()}}


def main():
    digest = read(sys.argv[1])
    sections = [
        ("classes", classes(digest)), ("contexts", contexts(digest)), ("types", folded(supplemental(digest))), ("elements", gathered(elements(digest))),
        ("controls", controls(digest)),
        ("identifiers", [identifiers(digest)]), ("partitions", [digest["partitions"]]), ("apocrypha", [digest["apocrypha"]])]
    print("// Written by scripts/generate-dtdl-metamodel.py from the digest of the DTDL metamodel; do not edit.")
    print("// swift-format-ignore-file")
    print()
    print("/// The metamodel of DTDL v2, v3 and v4 and of its published extensions, as rows that `Metamodel` reads once.")
    print("enum MetamodelText {")
    print('    static let json = #"""')
    print("        {")
    for number, (name, rows) in enumerate(sections):
        print(f'        "{name}":[')
        rows = list(rows)
        for index, row in enumerate(rows):
            print("        " + compact(row) + ("," if index < len(rows) - 1 else ""))
        print("        ]" + ("," if number < len(sections) - 1 else ""))
    print("        }")
    print('        """#')
    print("}")


main()
