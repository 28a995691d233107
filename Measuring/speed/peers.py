"""One Python contender: peers.py NAME MESSAGE COUNT says messages per second of its processor time, after as many to warm up as it takes."""
import json
import sys
import time
from typing import Annotated, Literal

from message import FIELDS, refused, schema


def msgspec_validate():
    import msgspec
    types = {"double": float, "integer": Annotated[int, msgspec.Meta(ge=-2**31, le=2**31 - 1)], "boolean": bool, "string": str}
    def field(name, kind):
        return (name, Literal[tuple(kind)] if isinstance(kind, list) else types[kind], msgspec.UNSET)
    components = [
        (name, msgspec.defstruct(name, [field(*item) for item in fields.items()], forbid_unknown_fields=True, gc=False), msgspec.UNSET)
        for name, fields in FIELDS.items()]
    return msgspec.json.Decoder(msgspec.defstruct("Message", components, forbid_unknown_fields=True, gc=False)).decode


def jsonschema_rs_validate():
    import jsonschema_rs
    import orjson
    loads, is_valid = orjson.loads, jsonschema_rs.validator_for(schema()).is_valid
    def check(message):
        if not is_valid(loads(message)):
            raise ValueError
    return check


def orjson_parse():
    import orjson
    return orjson.loads


CONTENDERS = {"msgspec": msgspec_validate, "jsonschema-rs": jsonschema_rs_validate, "orjson": orjson_parse}


def main(name, path, count):
    check = CONTENDERS[name]()
    with open(path, "rb") as file:
        message = file.read()
    if name != "orjson":
        for other in refused():
            try:
                check(other)
            except Exception:
                continue
            sys.exit(f"{name} accepts {other}")
    for _ in range(count // 10):
        check(message)
    began = time.process_time()
    for _ in range(count):
        check(message)
    print(json.dumps({"per_s": count / (time.process_time() - began)}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
