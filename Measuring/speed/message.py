"""The message of `make bench`, its template and its schemas: 367 bytes, twelve typed fields over three components."""
import json

BYTES = 367
FIELDS = {
    "environment": {"temperature": "double", "relativeHumidity": "double", "barometricPressure": "integer", "roomOccupied": "boolean"},
    "motor": {"rotationSpeed": "integer", "torque": "double", "vibrationVelocity": "double", "running": "boolean"},
    "gateway": {"firmwareVersion": "string", "connectionState": ["online", "offline", "degraded"], "signalStrength": "integer", "location": "string"},
}
VALUES = {
    "environment": {"temperature": 21.53, "relativeHumidity": 48.25, "barometricPressure": 1013, "roomOccupied": True},
    "motor": {"rotationSpeed": 1480, "torque": 12.75, "vibrationVelocity": 0.0312, "running": False},
    "gateway": {"firmwareVersion": "2.4.1", "connectionState": "online", "signalStrength": -67, "location": ""},
}


def message(**changed):
    values = {component: dict(fields) for component, fields in VALUES.items()}
    for component, fields in changed.items():
        values[component].update(fields)
    short = json.dumps(values, separators=(",", ":"))
    if not values["gateway"]["location"]:
        values["gateway"]["location"] = "building 12, third floor, hall 3"[: BYTES - len(short)].ljust(BYTES - len(short), ".")
    return json.dumps(values, separators=(",", ":")).encode()


def refused():
    """Messages that every contender has to refuse, or it does not check what it is said to check."""
    return [
        message(environment={"temperature": "21.53"}), message(motor={"rotationSpeed": 1480.5}), message(motor={"running": 0}),
        message(gateway={"connectionState": "asleep"}), message(gateway={"unknown": 1}), message(motor={"rotationSpeed": 2**31}),
    ]


def template():
    """As DTDL: an Interface with three components."""
    def schema(kind):
        if isinstance(kind, str):
            return kind
        return {"@type": "Enum", "valueSchema": "string", "enumValues": [{"name": value, "enumValue": value} for value in kind]}
    root = {"@context": "dtmi:dtdl:context;3", "@id": "dtmi:bench:device;1", "@type": "Interface", "contents": [
        {"@type": "Component", "name": component, "schema": f"dtmi:bench:{component};1"} for component in FIELDS]}
    parts = [{"@context": "dtmi:dtdl:context;3", "@id": f"dtmi:bench:{component};1", "@type": "Interface", "contents": [
        {"@type": "Telemetry", "name": name, "schema": schema(kind)} for name, kind in fields.items()]} for component, fields in FIELDS.items()]
    return [root, *parts]


def schema():
    """As JSON Schema, draft 4, which all validators here know."""
    def one(kind):
        if isinstance(kind, list):
            return {"enum": kind}
        if kind == "integer":
            return {"type": "integer", "minimum": -2**31, "maximum": 2**31 - 1}
        return {"type": {"double": "number"}.get(kind, kind)}
    return {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object", "additionalProperties": False, "properties": {
        component: {"type": "object", "additionalProperties": False, "properties": {name: one(kind) for name, kind in fields.items()}}
        for component, fields in FIELDS.items()}}
